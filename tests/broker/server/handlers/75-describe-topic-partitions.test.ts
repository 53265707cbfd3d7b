import { describe, expect, it } from 'vitest'
import { errorCodes } from '../../../../broker/protocol/errors.ts'
import {
  type DescribeTopicPartitionsRequestBody,
  describeTopicPartitions,
} from '../../../../broker/protocol/messages/75-describe-topic-partitions.ts'
import { describeTopicPartitionsHandler } from '../../../../broker/server/handlers/75-describe-topic-partitions.ts'
import { connectTo, smallCluster } from './small-cluster.ts'

async function ask(request: Partial<DescribeTopicPartitionsRequestBody>) {
  const connection = await connectTo(describeTopicPartitionsHandler(smallCluster()))
  const body = { topics: [], responsePartitionLimit: 2_000, cursor: null, ...request }
  return connection.send(describeTopicPartitions, 0, body, { timeoutMs: 10_000 })
}

describe('DescribeTopicPartitions', () => {
  it('tells of all topics by name, with who is eligible to lead', async () => {
    const { topics, nextCursor } = await ask({})
    expect(topics.map(({ name, partitions }) => [name, partitions.length])).toEqual([
      ['orders', 2],
      ['payments', 1],
    ])
    expect(topics[0]?.partitions[1]).toMatchObject({
      errorCode: errorCodes.LEADER_NOT_AVAILABLE,
      leaderId: -1,
      isrNodes: [],
      eligibleLeaderReplicas: [2],
      offlineReplicas: [2],
    })
    expect(nextCursor).toBeNull()
  })

  it('gives as many partitions as are wanted, and goes on where it stopped', async () => {
    const seen: string[] = []
    let cursor: DescribeTopicPartitionsRequestBody['cursor'] = null
    for (let pages = 0; pages < 3; pages++) {
      const page = await ask({ responsePartitionLimit: 1, cursor })
      for (const { name, partitions } of page.topics) {
        expect(partitions).not.toEqual([])
        for (const { partitionIndex } of partitions) seen.push(`${name}-${partitionIndex}`)
      }
      cursor = page.nextCursor
      if (cursor === null) break
    }
    expect(seen).toEqual(['orders-0', 'orders-1', 'payments-0'])
    expect(cursor).toBeNull()
  })

  it('answers topics that are not there, or could not be', async () => {
    const { topics } = await ask({ topics: [{ name: 'payments' }, { name: 'missing' }, { name: 'not legal' }] })
    expect(topics.map(({ name, errorCode }) => [name, errorCode])).toEqual([
      ['missing', errorCodes.UNKNOWN_TOPIC_OR_PARTITION],
      ['not legal', errorCodes.INVALID_TOPIC_EXCEPTION],
      ['payments', 0],
    ])
  })

  it('ends the connection at a cursor that points nowhere', async () => {
    const cursor = { topicName: 'orders', partitionIndex: -1 }
    await expect(ask({ cursor })).rejects.toThrow('Connection closed')
  })
})
