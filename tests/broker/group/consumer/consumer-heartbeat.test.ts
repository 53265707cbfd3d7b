import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { errorCodes } from '../../../../broker/protocol/errors.ts'
import {
  type ConsumerGroupHeartbeatRequestBody,
  consumerGroupHeartbeat,
} from '../../../../broker/protocol/messages/68-consumer-group-heartbeat.ts'
import { consumerGroupDescribe } from '../../../../broker/protocol/messages/69-consumer-group-describe.ts'
import { consumerGroupHeartbeatHandler } from '../../../../broker/server/handlers/68-consumer-group-heartbeat.ts'
import { consumerGroupDescribeHandler } from '../../../../broker/server/handlers/69-consumer-group-describe.ts'
import { broker, GroupBroker, offsetsPartitions, offsetsTopic, topic, topicIdOf } from '../group-broker.ts'

const ordersId = topicIdOf(2)

async function openBroker(properties: Record<string, string> = {}): Promise<GroupBroker> {
  const directory = await mkdtemp(join(tmpdir(), 'eyrie-group-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  const opened = await GroupBroker.open(directory, properties)
  onTestFinished(() => opened.close())
  const topics = [...topic(offsetsTopic, topicIdOf(1), offsetsPartitions), ...topic('orders', ordersId, 4)]
  await opened.start(broker(1), ...topics)
  return opened
}

function beat(opened: GroupBroker, body: Partial<ConsumerGroupHeartbeatRequestBody>, version = 1) {
  return opened.ask(consumerGroupHeartbeatHandler(opened.groups), consumerGroupHeartbeat, version, {
    groupId: 'group',
    memberId: 'a',
    memberEpoch: 0,
    ...body,
  })
}

function joinAs(opened: GroupBroker, memberId: string, more: Partial<ConsumerGroupHeartbeatRequestBody> = {}) {
  return beat(opened, {
    memberId,
    rebalanceTimeoutMs: 60_000,
    subscribedTopicNames: ['orders'],
    topicPartitions: [],
    ...more,
  })
}

async function describeGroup(opened: GroupBroker) {
  const response = await opened.ask(consumerGroupDescribeHandler(opened.groups), consumerGroupDescribe, 1, {
    groupIds: ['group'],
    includeAuthorizedOperations: false,
  })
  return response.groups[0]
}

function partitionsOf(answer: Awaited<ReturnType<typeof beat>>): number[] | undefined {
  return answer.assignment?.topicPartitions.flatMap(({ partitions }) => partitions)
}

describe('a consumer group', () => {
  test('gives its first member everything at once', async () => {
    const opened = await openBroker()
    const answer = await joinAs(opened, 'a')
    expect(answer).toMatchObject({
      errorCode: errorCodes.NONE,
      memberId: 'a',
      memberEpoch: 2,
      heartbeatIntervalMs: 5000,
    })
    expect(partitionsOf(answer)).toEqual([0, 1, 2, 3])
    expect(await describeGroup(opened)).toMatchObject({ groupState: 'Stable', groupEpoch: 2, assignmentEpoch: 2 })
  })

  test('takes partitions from one member before it gives them to another', async () => {
    const opened = await openBroker({ 'group.consumer.assignment.interval.ms': '0' })
    await joinAs(opened, 'a')
    expect(await joinAs(opened, 'b')).toMatchObject({ memberEpoch: 3, assignment: { topicPartitions: [] } })
    const revoking = await beat(opened, { memberEpoch: 2 })
    expect(revoking).toMatchObject({ memberEpoch: 2 })
    expect(partitionsOf(revoking)).toHaveLength(2)
    expect(await beat(opened, { memberId: 'b', memberEpoch: 3 })).toMatchObject({ memberEpoch: 3, assignment: null })
    const owned = revoking.assignment?.topicPartitions ?? []
    expect(await beat(opened, { memberEpoch: 2, topicPartitions: owned })).toMatchObject({ memberEpoch: 3 })
    const given = await beat(opened, { memberId: 'b', memberEpoch: 3 })
    expect([...(partitionsOf(given) ?? []), ...(partitionsOf(revoking) ?? [])].sort()).toEqual([0, 1, 2, 3])
    expect(await describeGroup(opened)).toMatchObject({ groupState: 'Stable', groupEpoch: 3 })
  })

  test('assigns members that come together together', async () => {
    const opened = await openBroker()
    await joinAs(opened, 'a')
    await joinAs(opened, 'b')
    expect(await describeGroup(opened)).toMatchObject({ groupState: 'Assigning', groupEpoch: 3, assignmentEpoch: 2 })
    opened.advance(1_020)
    await opened.written()
    expect(await describeGroup(opened)).toMatchObject({ groupState: 'Reconciling', assignmentEpoch: 3 })
  })

  test('matches a regular expression and follows topics that are created', async () => {
    const opened = await openBroker({ 'group.consumer.assignment.interval.ms': '0' })
    const first = await joinAs(opened, 'a', { subscribedTopicNames: null, subscribedTopicRegex: 'or.*|new-[0-9]+' })
    expect(partitionsOf(first)).toHaveLength(4)
    opened.apply(...topic('new-7', topicIdOf(7), 2))
    opened.advance(10_000)
    const later = await beat(opened, { memberEpoch: 2 })
    expect(partitionsOf(later)).toHaveLength(6)
    const refused = await joinAs(opened, 'b', { subscribedTopicNames: null, subscribedTopicRegex: '(?=a)b' })
    expect(refused.errorCode).toBe(errorCodes.INVALID_REGULAR_EXPRESSION)
  })
})
