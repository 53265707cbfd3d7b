import { describe, expect, it } from 'vitest'
import { errorCodes } from '../../../../broker/protocol/errors.ts'
import {
  type DescribeClusterRequestBody,
  describeCluster,
} from '../../../../broker/protocol/messages/60-describe-cluster.ts'
import { describeClusterHandler } from '../../../../broker/server/handlers/60-describe-cluster.ts'
import { connectTo, smallCluster } from './small-cluster.ts'

async function ask(version: number, request: Partial<DescribeClusterRequestBody>) {
  const connection = await connectTo(describeClusterHandler(smallCluster()))
  const body = { includeClusterAuthorizedOperations: false, ...request }
  return connection.send(describeCluster, version, body, { timeoutMs: 10_000 })
}

describe('DescribeCluster', () => {
  it('tells of the brokers that are not fenced, and of the controller', async () => {
    const answer = await ask(1, { endpointType: 1 })
    expect(answer).toMatchObject({ errorCode: 0, clusterId: 'small-cluster', controllerId: 3 })
    expect(answer.brokers.map(({ brokerId, host, port }) => [brokerId, host, port])).toEqual([
      [1, 'host-1', 9091],
      [3, 'host-3', 9093],
    ])
  })

  it('shows fenced brokers to whoever asks for them', async () => {
    const { brokers } = await ask(2, { includeFencedBrokers: true })
    expect(brokers.map(({ brokerId, isFenced }) => [brokerId, isFenced])).toEqual([
      [1, false],
      [2, true],
      [3, false],
    ])
  })

  it('lists operations only when asked to', async () => {
    expect((await ask(0, {})).clusterAuthorizedOperations).toBe(-2147483648)
    expect((await ask(0, { includeClusterAuthorizedOperations: true })).clusterAuthorizedOperations).toBeGreaterThan(0)
  })

  it.each([
    [2, errorCodes.MISMATCHED_ENDPOINT_TYPE],
    [7, errorCodes.UNSUPPORTED_ENDPOINT_TYPE],
  ])('refuses endpoint type %i', async (endpointType, errorCode) => {
    expect(await ask(1, { endpointType })).toMatchObject({ errorCode, brokers: [] })
  })
})
