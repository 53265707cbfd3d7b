import { beforeAll, describe } from 'vitest'
import { testPythonScenarios } from '../support/python-scenarios.ts'
import { putScramUser } from '../support/scram-user.ts'
import { type SecuredCluster, startSecuredCluster } from '../support/secured-cluster.ts'

let secured: SecuredCluster

beforeAll(async () => {
  secured = await startSecuredCluster()
  for (const hash of ['SCRAM-SHA-256', 'SCRAM-SHA-512'] as const) await putScramUser(secured, 'dora', hash, 'pw')
  return () => secured.close()
})

describe('confluent-kafka and kafka-python', { timeout: 200_000 }, () => {
  testPythonScenarios('secured_scenarios.py', () => ({
    BOOTSTRAP: secured.saslTls,
    TLS: secured.tls,
    AUTHORITY: secured.certificates.authorityFile,
    CERTIFICATE: secured.certificates.client.file,
  }))
})
