import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { javaHashCode } from '../../../broker/coordinator/coordinator-topic.ts'
import { errorCodes } from '../../../broker/protocol/errors.ts'
import { offsetCommit } from '../../../broker/protocol/messages/08-offset-commit.ts'
import { offsetFetch } from '../../../broker/protocol/messages/09-offset-fetch.ts'
import { findCoordinator } from '../../../broker/protocol/messages/10-find-coordinator.ts'
import { joinGroup } from '../../../broker/protocol/messages/11-join-group.ts'
import { heartbeat } from '../../../broker/protocol/messages/12-heartbeat.ts'
import { leaveGroup } from '../../../broker/protocol/messages/13-leave-group.ts'
import { syncGroup } from '../../../broker/protocol/messages/14-sync-group.ts'
import { describeGroups } from '../../../broker/protocol/messages/15-describe-groups.ts'
import { listGroups } from '../../../broker/protocol/messages/16-list-groups.ts'
import { deleteGroups } from '../../../broker/protocol/messages/42-delete-groups.ts'
import { offsetDelete } from '../../../broker/protocol/messages/47-offset-delete.ts'
import { buildBatch } from '../../../broker/record/build-batch.ts'
import { offsetCommitHandler } from '../../../broker/server/handlers/08-offset-commit.ts'
import { offsetFetchHandler } from '../../../broker/server/handlers/09-offset-fetch.ts'
import { findCoordinatorHandler } from '../../../broker/server/handlers/10-find-coordinator.ts'
import { joinGroupHandler } from '../../../broker/server/handlers/11-join-group.ts'
import { heartbeatHandler } from '../../../broker/server/handlers/12-heartbeat.ts'
import { leaveGroupHandler } from '../../../broker/server/handlers/13-leave-group.ts'
import { syncGroupHandler } from '../../../broker/server/handlers/14-sync-group.ts'
import { describeGroupsHandler } from '../../../broker/server/handlers/15-describe-groups.ts'
import { listGroupsHandler } from '../../../broker/server/handlers/16-list-groups.ts'
import { deleteGroupsHandler } from '../../../broker/server/handlers/42-delete-groups.ts'
import { offsetDeleteHandler } from '../../../broker/server/handlers/47-offset-delete.ts'
import { protocols } from './classic/group-driver.ts'
import { broker, GroupBroker, offsetsPartitions, offsetsTopic, topic, topicIdOf, until } from './group-broker.ts'

const offsetsTopicId = topicIdOf(1)
const ordersId = topicIdOf(2)
const cluster = [broker(1), ...topic(offsetsTopic, offsetsTopicId, offsetsPartitions), ...topic('orders', ordersId, 3)]
const sessionTimeoutMs = 10_000

async function openFolder(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'eyrie-group-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  return directory
}

async function startBroker(directory?: string): Promise<GroupBroker> {
  const opened = await GroupBroker.open(directory ?? (await openFolder()))
  onTestFinished(() => opened.close())
  await opened.start(...cluster)
  return opened
}

function joinAs(
  broker: GroupBroker,
  groupId: string,
  memberId: string,
  version = 3,
  groupInstanceId: string | null = null,
) {
  return broker.ask(joinGroupHandler(broker.groups), joinGroup, version, {
    groupId,
    sessionTimeoutMs,
    rebalanceTimeoutMs: 60_000,
    memberId,
    groupInstanceId,
    protocolType: 'consumer',
    protocols: protocols('range'),
  })
}

/** Joins and syncs alone. Gives the member's id. */
async function joinAlone(broker: GroupBroker, groupId: string, version = 3): Promise<string> {
  const joining = joinAs(broker, groupId, '', version)
  broker.advance(10)
  const { errorCode, memberId, generationId } = await joining
  expect(errorCode).toBe(0)
  const assignments = [{ memberId, assignment: Buffer.from('everything') }]
  const sync = { groupId, generationId, memberId, assignments }
  const synced = await broker.ask(syncGroupHandler(broker.groups), syncGroup, Math.min(version, 4), sync)
  expect(synced.errorCode).toBe(0)
  return memberId
}

function beat(broker: GroupBroker, groupId: string, memberId: string, generationId: number) {
  return broker.ask(heartbeatHandler(broker.groups), heartbeat, 3, { groupId, memberId, generationId })
}

interface Commit {
  groupId?: string
  memberId?: string
  generationId?: number
  version?: number
  name?: string
  topicId?: string
  partition?: number
  offset?: number
  metadata?: string | null
}

async function commit(broker: GroupBroker, commit: Commit = {}): Promise<number | undefined> {
  const {
    groupId = 'group',
    memberId = '',
    generationId = -1,
    version = 8,
    name = 'orders',
    topicId = ordersId,
  } = commit
  const { partition: partitionIndex = 0, offset: committedOffset = 42, metadata: committedMetadata = 'note' } = commit
  const partitions = [{ partitionIndex, committedOffset, committedLeaderEpoch: 7, committedMetadata }]
  const answer = await broker.ask(offsetCommitHandler(broker.groups), offsetCommit, version, {
    groupId,
    memberId,
    generationIdOrMemberEpoch: generationId,
    topics: [{ name, topicId, partitions }],
  })
  return answer.topics[0]?.partitions[0]?.errorCode
}

async function fetchAll(broker: GroupBroker, groupId: string, requireStable = false): Promise<Record<string, number>> {
  const request = { groups: [{ groupId, topics: null }], requireStable }
  const { groups } = await broker.ask(offsetFetchHandler(broker.groups), offsetFetch, 9, request)
  const offsets: Record<string, number> = {}
  for (const { name, partitions } of groups[0]?.topics ?? []) {
    for (const { partitionIndex, committedOffset } of partitions) offsets[`${name}-${partitionIndex}`] = committedOffset
  }
  return offsets
}

async function describe1(broker: GroupBroker, groupId: string, version = 6) {
  const { groups } = await broker.ask(describeGroupsHandler(broker.groups), describeGroups, version, {
    groups: [groupId],
    includeAuthorizedOperations: true,
  })
  return groups[0]
}

describe('finding the coordinator', () => {
  test.each([
    ['', 0],
    ['group', 98_629_247],
    ['console-consumer-12345', 158_455_506],
    ['Gruppe ä 🐘', 491_113_436],
    ['the quick brown fox jumps over the lazy dog', -2_082_818_701],
  ])('a group is in the partition that Java would put it in: %j', (groupId, hash) => {
    expect(javaHashCode(groupId)).toBe(hash)
  })

  test('the first question creates the topic and clients are asked to come again', async () => {
    const opened = await GroupBroker.open(await openFolder())
    onTestFinished(() => opened.close())
    await opened.start(broker(1))
    const handler = findCoordinatorHandler(opened.groups)
    const old = await opened.ask(handler, findCoordinator, 2, { key: 'group', keyType: 0 })
    expect(old).toMatchObject({ errorCode: errorCodes.COORDINATOR_NOT_AVAILABLE, nodeId: -1 })
    const batched = await opened.ask(handler, findCoordinator, 4, { keyType: 0, coordinatorKeys: ['group', 'other'] })
    expect(batched.coordinators.map(({ errorCode }) => errorCode)).toEqual([15, 15])
    await until(() => opened.createdTopics.length > 0)
    expect(new Set(opened.createdTopics)).toEqual(new Set([offsetsTopic]))
    opened.apply(...topic(offsetsTopic, offsetsTopicId, offsetsPartitions))
    expect(await opened.ask(handler, findCoordinator, 0, { key: 'group' })).toMatchObject({ errorCode: 0, nodeId: 1 })
  })

  test.each([0, 1, 2, 3, 4, 5, 6])('version %i names the leader of the partition', async (version) => {
    const opened = await startBroker()
    const request = { key: 'group', keyType: 0, coordinatorKeys: ['group'] }
    const answer = await opened.ask(findCoordinatorHandler(opened.groups), findCoordinator, version, request)
    const found = version < 4 ? answer : answer.coordinators[0]
    expect(found).toMatchObject({ errorCode: 0, nodeId: 1, host: '127.0.0.1', port: 9092 })
  })

  test('there is no coordinator of transactions', async () => {
    const opened = await startBroker()
    const request = { keyType: 1, coordinatorKeys: ['tx'] }
    const { coordinators } = await opened.ask(findCoordinatorHandler(opened.groups), findCoordinator, 4, request)
    expect(coordinators[0]).toMatchObject({ key: 'tx', errorCode: errorCodes.UNSUPPORTED_VERSION, nodeId: -1 })
  })
})

describe('members', () => {
  test.each([0, 1, 2, 3])('version %i of JoinGroup joins in one step', async (version) => {
    const opened = await startBroker()
    const memberId = await joinAlone(opened, 'group', version)
    expect(memberId).toMatch(/^client-[0-9a-f-]{36}$/)
    expect(await beat(opened, 'group', memberId, 1)).toMatchObject({ errorCode: 0 })
  })

  test.each([4, 5, 6, 7, 8, 9])('version %i of JoinGroup joins in two steps', async (version) => {
    const opened = await startBroker()
    const first = await joinAs(opened, 'group', '', version)
    expect(first).toMatchObject({ errorCode: errorCodes.MEMBER_ID_REQUIRED })
    const joining = joinAs(opened, 'group', first.memberId, version)
    opened.advance(10)
    expect(await joining).toMatchObject({ errorCode: 0, memberId: first.memberId, protocolName: 'range' })
  })

  test.each([
    ['no group id', { groupId: '' }, errorCodes.INVALID_GROUP_ID],
    ['too short a session', { sessionTimeoutMs: 5_999 }, errorCodes.INVALID_SESSION_TIMEOUT],
    ['too long a session', { sessionTimeoutMs: 1_800_001 }, errorCodes.INVALID_SESSION_TIMEOUT],
    ['an id in a group that does not exist', { memberId: 'x' }, errorCodes.UNKNOWN_MEMBER_ID],
  ])('%s is refused', async (_, change, errorCode) => {
    const opened = await startBroker()
    const answer = await opened.ask(joinGroupHandler(opened.groups), joinGroup, 9, {
      groupId: 'group',
      sessionTimeoutMs,
      rebalanceTimeoutMs: 60_000,
      memberId: '',
      protocolType: 'consumer',
      protocols: protocols('range'),
      ...change,
    })
    expect(answer.errorCode).toBe(errorCode)
  })

  test('a sync of v5 that does not say what it was told is refused', async () => {
    const opened = await startBroker()
    const memberId = await joinAlone(opened, 'group')
    const sync = { groupId: 'group', generationId: 1, memberId, assignments: [] }
    const answer = await opened.ask(syncGroupHandler(opened.groups), syncGroup, 5, sync)
    expect(answer.errorCode).toBe(errorCodes.INCONSISTENT_GROUP_PROTOCOL)
  })

  test.each([0, 1, 2, 3, 4, 5])('version %i of LeaveGroup', async (version) => {
    const opened = await startBroker()
    const memberId = await joinAlone(opened, 'group')
    const handler = leaveGroupHandler(opened.groups)
    const leaving = { groupId: 'group', memberId, members: [{ memberId, groupInstanceId: null }] }
    expect(await opened.ask(handler, leaveGroup, version, leaving)).toMatchObject({ errorCode: 0 })
    const again = await opened.ask(handler, leaveGroup, version, leaving)
    const errorCode = version < 3 ? again.errorCode : again.members[0]?.errorCode
    expect(errorCode).toBe(errorCodes.UNKNOWN_MEMBER_ID)
    const nowhere = await opened.ask(handler, leaveGroup, version, { ...leaving, groupId: 'nowhere' })
    expect(version < 3 ? nowhere.errorCode : nowhere.members[0]?.errorCode).toBe(errorCodes.UNKNOWN_MEMBER_ID)
  })
})

describe('offsets', () => {
  test.each([2, 3, 4, 5, 6, 7, 8, 9, 10])('version %i of OffsetCommit', async (version) => {
    const opened = await startBroker()
    expect(await commit(opened, { version, partition: 1, offset: 5 })).toBe(0)
    expect(await fetchAll(opened, 'group')).toEqual({ 'orders-1': 5 })
  })

  test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])('version %i of OffsetFetch', async (version) => {
    const opened = await startBroker()
    await commit(opened)
    const topics = [{ name: 'orders', topicId: ordersId, partitionIndexes: [0, 1] }]
    const request = version < 8 ? { groupId: 'group', topics } : { groups: [{ groupId: 'group', topics }] }
    const answer = await opened.ask(offsetFetchHandler(opened.groups), offsetFetch, version, request)
    const [found] = version < 8 ? answer.topics : (answer.groups[0]?.topics ?? [])
    expect(found?.partitions).toEqual([
      {
        partitionIndex: 0,
        committedOffset: 42,
        committedLeaderEpoch: version < 5 ? -1 : 7,
        metadata: 'note',
        errorCode: 0,
      },
      { partitionIndex: 1, committedOffset: -1, committedLeaderEpoch: -1, metadata: '', errorCode: 0 },
    ])
  })

  test.each([
    ['a topic that does not exist', { name: 'nowhere' }, errorCodes.UNKNOWN_TOPIC_OR_PARTITION],
    ['a topic id that does not exist', { version: 10, topicId: topicIdOf(9) }, errorCodes.UNKNOWN_TOPIC_ID],
    ['a partition that does not exist', { partition: 3 }, errorCodes.UNKNOWN_TOPIC_OR_PARTITION],
    ['too long a note', { metadata: 'x'.repeat(4097) }, errorCodes.OFFSET_METADATA_TOO_LARGE],
    ['a generation of a group that does not exist, before v9', { generationId: 1 }, errorCodes.ILLEGAL_GENERATION],
    ['a generation of a group that does not exist', { generationId: 1, version: 9 }, errorCodes.GROUP_ID_NOT_FOUND],
  ])('%s is refused', async (_, change, errorCode) => {
    const opened = await startBroker()
    expect(await commit(opened, change)).toBe(errorCode)
    expect(await fetchAll(opened, 'group')).toEqual({})
  })

  test('the longest note, no note and no group name are fine', async () => {
    const opened = await startBroker()
    expect(await commit(opened, { metadata: 'x'.repeat(4096) })).toBe(0)
    expect(await commit(opened, { metadata: null, groupId: '', partition: 2 })).toBe(0)
    expect(await fetchAll(opened, '')).toEqual({ 'orders-2': 42 })
  })

  test('members commit in their generation, others not at all', async () => {
    const opened = await startBroker()
    const memberId = await joinAlone(opened, 'group')
    expect(await commit(opened, { memberId, generationId: 1 })).toBe(0)
    expect(await commit(opened, { memberId, generationId: 0 })).toBe(errorCodes.ILLEGAL_GENERATION)
    expect(await commit(opened)).toBe(errorCodes.UNKNOWN_MEMBER_ID)
  })

  test('many groups are fetched in one request, and an unknown topic id is named', async () => {
    const opened = await startBroker()
    await commit(opened, { groupId: 'a', offset: 1 })
    await commit(opened, { groupId: 'b', offset: 2 })
    const unknown = { topicId: topicIdOf(9), partitionIndexes: [0] }
    const { groups } = await opened.ask(offsetFetchHandler(opened.groups), offsetFetch, 10, {
      groups: [
        { groupId: 'a', topics: null },
        {
          groupId: 'b',
          memberId: null,
          memberEpoch: -1,
          topics: [{ topicId: ordersId, partitionIndexes: [0] }, unknown],
        },
        { groupId: 'c', topics: null },
      ],
    })
    expect(groups.map(({ groupId, errorCode }) => [groupId, errorCode])).toEqual([
      ['a', 0],
      ['b', 0],
      ['c', 0],
    ])
    expect(groups[0]?.topics[0]).toMatchObject({ topicId: ordersId, partitions: [{ committedOffset: 1 }] })
    expect(groups[1]?.topics[0]?.partitions[0]).toMatchObject({ committedOffset: 2 })
    expect(groups[1]?.topics[1]?.partitions[0]).toMatchObject({ errorCode: errorCodes.UNKNOWN_TOPIC_ID })
    expect(groups[2]?.topics).toEqual([])
  })

  test('a stable fetch waits for the commits that are being written', async () => {
    const opened = await startBroker()
    const committing = commit(opened, { offset: 7 })
    const [early, stable] = await Promise.all([fetchAll(opened, 'group'), fetchAll(opened, 'group', true)])
    expect(early).toEqual({})
    expect(stable).toEqual({ 'orders-0': 7 })
    expect(await committing).toBe(0)
  })

  test('commits that arrive together are written together', async () => {
    const opened = await startBroker()
    const before = logEndOffsets(opened)
    const commits = Array.from({ length: 100 }, (_, i) => commit(opened, { offset: i }))
    expect(new Set(await Promise.all(commits))).toEqual(new Set([0]))
    expect(logEndOffsets(opened) - before).toBe(100)
    const batches = await countBatches(opened)
    expect(batches).toBeLessThan(10)
    expect(await fetchAll(opened, 'group')).toEqual({ 'orders-0': 99 })
  })

  test('offsets of a deleted topic are gone, also for a later topic of the same name', async () => {
    const opened = await startBroker()
    await commit(opened, { version: 10 })
    await commit(opened, { groupId: 'by name' })
    opened.apply({ type: 'RemoveTopicRecord', topicId: ordersId }, ...topic('orders', topicIdOf(3), 3))
    await until(async () => Object.keys(await fetchAll(opened, 'group', true)).length === 0)
    expect(await fetchAll(opened, 'by name', true)).toEqual({})
  })

  test('offsets expire a week after their commit when the group never had members, and so does the group', async () => {
    const opened = await startBroker()
    await commit(opened)
    for (let hour = 0; hour < 7 * 24 - 1; hour++) opened.advance(3_600_000)
    expect(await fetchAll(opened, 'group', true)).toEqual({ 'orders-0': 42 })
    for (let hour = 0; hour < 2; hour++) opened.advance(3_600_000)
    await until(async () => (await describe1(opened, 'group'))?.groupState === 'Dead')
    expect(await fetchAll(opened, 'group', true)).toEqual({})
  })
})

describe('administration', () => {
  test('groups are listed with their states, and filtered by state and type', async () => {
    const opened = await startBroker()
    await joinAlone(opened, 'running')
    await commit(opened, { groupId: 'simple' })
    const list = async (version: number, filter: { statesFilter?: string[]; typesFilter?: string[] } = {}) => {
      const { groups, errorCode } = await opened.ask(listGroupsHandler(opened.groups), listGroups, version, filter)
      expect(errorCode).toBe(0)
      return groups.map(({ groupId }) => groupId).sort()
    }
    for (const version of [0, 1, 2, 3, 4, 5]) expect(await list(version)).toEqual(['running', 'simple'])
    expect(await list(5, { statesFilter: ['stable'] })).toEqual(['running'])
    expect(await list(5, { statesFilter: ['Empty'], typesFilter: ['Classic'] })).toEqual(['simple'])
    expect(await list(5, { typesFilter: ['consumer'] })).toEqual([])
    const { groups } = await opened.ask(listGroupsHandler(opened.groups), listGroups, 5, {})
    expect(groups).toContainEqual({
      groupId: 'running',
      protocolType: 'consumer',
      groupState: 'Stable',
      groupType: 'classic',
    })
  })

  test.each([0, 1, 2, 3, 4, 5, 6])('version %i of DescribeGroups', async (version) => {
    const opened = await startBroker()
    const memberId = await joinAlone(opened, 'group')
    expect(await describe1(opened, 'group', version)).toMatchObject({
      errorCode: 0,
      groupState: 'Stable',
      protocolType: 'consumer',
      protocolData: 'range',
      members: [
        { memberId, clientId: 'client', clientHost: '/127.0.0.1', memberAssignment: Buffer.from('everything') },
      ],
      authorizedOperations: version < 3 ? -2147483648 : 0b110101001000,
    })
    const missing = await describe1(opened, 'nowhere', version)
    expect(missing).toMatchObject({
      groupState: 'Dead',
      errorCode: version < 6 ? 0 : errorCodes.GROUP_ID_NOT_FOUND,
      errorMessage: version < 6 ? null : 'Group nowhere not found.',
    })
  })

  test('only groups without members are deleted, with their offsets', async () => {
    const opened = await startBroker()
    await joinAlone(opened, 'running')
    await commit(opened, { groupId: 'simple' })
    const request = { groupsNames: ['running', 'simple', 'nowhere'] }
    const { results } = await opened.ask(deleteGroupsHandler(opened.groups), deleteGroups, 2, request)
    const { NON_EMPTY_GROUP, GROUP_ID_NOT_FOUND } = errorCodes
    expect(results.map(({ errorCode }) => errorCode)).toEqual([NON_EMPTY_GROUP, 0, GROUP_ID_NOT_FOUND])
    expect(await fetchAll(opened, 'simple')).toEqual({})
    expect(await describe1(opened, 'simple')).toMatchObject({ groupState: 'Dead' })
  })

  test('offsets of topics that members read are not deleted', async () => {
    const opened = await startBroker()
    const memberId = await joinAlone(opened, 'running')
    await commit(opened, { groupId: 'running', memberId, generationId: 1 })
    await commit(opened, { groupId: 'simple' })
    const remove = async (groupId: string, name: string, partitionIndex: number) => {
      const request = { groupId, topics: [{ name, partitions: [{ partitionIndex }] }] }
      const answer = await opened.ask(offsetDeleteHandler(opened.groups), offsetDelete, 0, request)
      return answer.errorCode === 0 ? answer.topics[0]?.partitions[0]?.errorCode : answer.errorCode
    }
    expect(await remove('running', 'orders', 0)).toBe(errorCodes.GROUP_SUBSCRIBED_TO_TOPIC)
    expect(await remove('simple', 'orders', 0)).toBe(0)
    expect(await remove('simple', 'orders', 9)).toBe(errorCodes.UNKNOWN_TOPIC_OR_PARTITION)
    expect(await remove('nowhere', 'orders', 0)).toBe(errorCodes.GROUP_ID_NOT_FOUND)
    expect(await fetchAll(opened, 'running')).toEqual({ 'orders-0': 42 })
    expect(await fetchAll(opened, 'simple')).toEqual({})
  })
})

describe('taking over', () => {
  test('a restarted broker knows its groups, members and offsets', async () => {
    const directory = await openFolder()
    const first = await GroupBroker.open(directory)
    await first.start(...cluster)
    const memberId = await joinAlone(first, 'running')
    await commit(first, { groupId: 'running', memberId, generationId: 1, offset: 11, version: 10 })
    await commit(first, { groupId: 'simple', offset: 12 })
    await commit(first, { groupId: 'deleted' })
    await first.ask(deleteGroupsHandler(first.groups), deleteGroups, 2, { groupsNames: ['deleted'] })
    await first.close()

    const second = await startBroker(directory)
    expect(await describe1(second, 'running')).toMatchObject({ groupState: 'Stable', members: [{ memberId }] })
    expect(await fetchAll(second, 'running')).toEqual({ 'orders-0': 11 })
    expect(await fetchAll(second, 'simple')).toEqual({ 'orders-0': 12 })
    expect(await describe1(second, 'deleted')).toMatchObject({ groupState: 'Dead' })
    second.advance(sessionTimeoutMs - 100)
    expect(await beat(second, 'running', memberId, 1)).toMatchObject({ errorCode: 0 })
    second.advance(sessionTimeoutMs + 20)
    expect(await beat(second, 'running', memberId, 1)).toMatchObject({ errorCode: errorCodes.UNKNOWN_MEMBER_ID })
  })

  test('offsets of a topic that was deleted while nobody coordinated are removed', async () => {
    const directory = await openFolder()
    const first = await GroupBroker.open(directory)
    await first.start(...cluster)
    await commit(first, { version: 10 })
    await first.close()

    const second = await GroupBroker.open(directory)
    onTestFinished(() => second.close())
    const recreated = topic('orders', topicIdOf(3), 3)
    await second.start(broker(1), ...topic(offsetsTopic, offsetsTopicId, offsetsPartitions), ...recreated)
    await until(async () => Object.keys(await fetchAll(second, 'group', true)).length === 0)
  })

  test('a broker that loses a partition sends everybody away, and loads it again when it comes back', async () => {
    const opened = await startBroker()
    const memberId = await joinAlone(opened, 'group')
    await commit(opened, { memberId, generationId: 1 })
    const waiting = joinAs(opened, 'group', '')
    lead(opened, 2)
    expect(await waiting).toMatchObject({ errorCode: errorCodes.NOT_COORDINATOR })
    expect(await beat(opened, 'group', memberId, 1)).toMatchObject({ errorCode: errorCodes.NOT_COORDINATOR })
    expect(await commit(opened)).toBe(errorCodes.NOT_COORDINATOR)
    lead(opened, 1)
    await until(async () => (await describe1(opened, 'group'))?.errorCode === 0)
    expect(await fetchAll(opened, 'group')).toEqual({ 'orders-0': 42 })
    expect(await beat(opened, 'group', memberId, 1)).toMatchObject({ errorCode: 0 })
  })

  test('a partition that cannot be read is reported, and its clients are sent away', async () => {
    const directory = await openFolder()
    const first = await GroupBroker.open(directory)
    await first.start(...cluster)
    const records = [{ key: Buffer.from('0002ffff', 'hex'), value: null }]
    const batches = buildBatch({ records, timestampMs: 0 })
    const append = { topic: offsetsTopic, batches, acks: -1, origin: 'coordinator', timeoutMs: 1_000 } as const
    for (let partition = 0; partition < offsetsPartitions; partition++)
      await first.replicas.append({ ...append, partition })
    await first.close()

    const second = await startBroker(directory)
    await until(() => second.failures.length === offsetsPartitions)
    expect(await commit(second)).toBe(errorCodes.NOT_COORDINATOR)
  })

  test('a commit that is being written when the partition is lost is not acknowledged', async () => {
    const opened = await startBroker()
    const committing = commit(opened)
    lead(opened, 2)
    expect(await committing).toBe(errorCodes.NOT_COORDINATOR)
  })
})

function lead(opened: GroupBroker, leader: number): void {
  for (let partitionId = 0; partitionId < offsetsPartitions; partitionId++) {
    opened.apply({ type: 'PartitionChangeRecord', partitionId, topicId: offsetsTopicId, leader })
  }
}

function logEndOffsets(opened: GroupBroker): number {
  let sum = 0
  for (const partition of opened.replicas.partitions()) {
    if (partition.topic === offsetsTopic) sum += partition.log.logEndOffset
  }
  return sum
}

async function countBatches(opened: GroupBroker): Promise<number> {
  let count = 0
  for (const { topic: name, index, log } of opened.replicas.partitions()) {
    if (name !== offsetsTopic) continue
    for (let offset = log.logStartOffset; offset < log.logEndOffset; count++) {
      const read = { topic: name, partition: index, offset, maxBytes: 1 }
      const [batch] = await opened.replicas.readLocal(read)
      if (batch === undefined) break
      offset += batch.readInt32BE(23) + 1
    }
  }
  return count
}
