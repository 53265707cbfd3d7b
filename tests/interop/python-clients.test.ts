import { beforeAll, describe } from 'vitest'
import { startTestCluster, type TestCluster } from '../support/kafka-cluster.ts'
import { testPythonScenarios } from '../support/python-scenarios.ts'

let cluster: TestCluster

beforeAll(async () => {
  cluster = await startTestCluster({ properties: { 'group.initial.rebalance.delay.ms': '0' } })
  return () => cluster.stop()
})

describe('confluent-kafka', { timeout: 200_000 }, () => {
  testPythonScenarios('confluent_kafka_scenarios.py', () => ({ BOOTSTRAP: cluster.bootstrap }))
})

describe('kafka-python', { timeout: 200_000 }, () => {
  testPythonScenarios('kafka_python_scenarios.py', () => ({ BOOTSTRAP: cluster.bootstrap }))
})
