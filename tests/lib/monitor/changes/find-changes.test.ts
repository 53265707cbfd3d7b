import { expect, test } from 'vitest'
import { ChangeLog } from '../../../../lib/monitor/changes/change-log.ts'
import { findChanges } from '../../../../lib/monitor/changes/find-changes.ts'
import type { ClusterSnapshot, GroupState, PartitionState, TopicState } from '../../../../lib/monitor/snapshot.ts'

const noPart = { asOfMs: 1, problem: null }

function snapshotOf(facts: {
  online?: readonly number[]
  controller?: number
  topics?: readonly TopicState[]
  groups?: readonly GroupState[]
}): ClusterSnapshot {
  const { online = [1, 2, 3], controller = 1, topics = [], groups = [] } = facts
  return {
    clusterId: 'main',
    kafkaClusterId: 'k',
    tickAtMs: 0,
    startedAtMs: 0,
    completedAtMs: 0,
    controller: { id: controller, epoch: 1 },
    brokers: new Map(
      [1, 2, 3].map((id) => [
        id,
        { id, host: 'h', port: 1, rack: null, isOnline: online.includes(id), stateSinceMs: null, logDirs: null },
      ]),
    ),
    topics: new Map(topics.map((topic) => [topic.name, topic])),
    groups: new Map(groups.map((group) => [group.id, group])),
    parts: {
      metadata: noPart,
      committedOffsets: noPart,
      endOffsets: noPart,
      startOffsets: noPart,
      groups: noPart,
      groupMembers: noPart,
      logDirs: noPart,
      quorum: noPart,
      configs: noPart,
    },
    cost: { requests: 0, bytesIn: 0, bytesOut: 0, durationMs: 0 },
  }
}

function topicOf(name: string, partitions: readonly { leader: number; inSync: number[] }[], id = 'a'): TopicState {
  return {
    name,
    id,
    isInternal: false,
    minInSyncReplicas: 2,
    cleanupPolicy: 'delete',
    retentionMs: 1,
    partitions: partitions.map(
      ({ leader, inSync }, partition): PartitionState => ({
        partition,
        leader,
        inSync,
        leaderEpoch: 0,
        replicas: [1, 2, 3],
        offlineReplicas: [],
        addingReplicas: [],
        logStartOffset: 0n,
        endOffset: 0n,
        endOffsetAtMs: 0,
        recordsInPerSecond: 0,
        bytesInPerSecond: 0,
        sizeBytes: new Map(),
        offsetLag: new Map(),
        underReplicatedSinceMs: null,
      }),
    ),
  }
}

const all = [1, 2, 3]

test('nothing is found where nothing changed', () => {
  const snapshot = snapshotOf({ topics: [topicOf('orders', [{ leader: 1, inSync: all }])] })
  expect(findChanges(snapshot, snapshot)).toEqual([])
})

test('a broker that dies is one change, and one of each kind a topic however many partitions it had', () => {
  const before = snapshotOf({
    topics: [
      topicOf('orders', [
        { leader: 2, inSync: all },
        { leader: 2, inSync: all },
        { leader: 1, inSync: all },
      ]),
    ],
    controller: 2,
  })
  const after = snapshotOf({
    online: [1, 3],
    controller: 3,
    topics: [
      topicOf('orders', [
        { leader: 3, inSync: [1, 3] },
        { leader: 1, inSync: [1, 3] },
        { leader: 1, inSync: [1, 3] },
      ]),
    ],
  })
  expect(findChanges(before, after).map(({ code, subject, params }) => ({ code, id: subject.id, params }))).toEqual([
    { code: 'brokerDown', id: '2', params: {} },
    { code: 'controllerMoved', id: '3', params: { from: 2, to: 3, epoch: 1 } },
    { code: 'leaderMoved', id: 'orders', params: { partitions: 2, from: 2 } },
    { code: 'isrShrunk', id: 'orders', params: { partitions: 3, broker: 2 } },
  ])
})

test('topics come, go, grow, and are told from their namesakes', () => {
  const one = [{ leader: 1, inSync: all }]
  const before = snapshotOf({ topics: [topicOf('grows', one), topicOf('goes', one), topicOf('again', one)] })
  const after = snapshotOf({
    topics: [topicOf('grows', [...one, ...one]), topicOf('again', one, 'b'), topicOf('comes', one)],
  })
  expect(findChanges(before, after).map(({ code, subject }) => `${code} ${subject.id}`)).toEqual([
    'partitionsAdded grows',
    'topicCreated again',
    'topicCreated comes',
    'topicDeleted goes',
  ])
})

test('a change made through the console names who made it, once', () => {
  const log = new ChangeLog()
  log.claim('topicCreated', 'orders', 'ann@example.org', 1_000)
  const created = { code: 'topicCreated', subject: { kind: 'topic', id: 'orders' }, params: {} } as const
  log.append([created], 2_000)
  log.append([created], 3_000)
  expect(log.changes.map(({ actor }) => actor)).toEqual([null, 'ann@example.org'])
})

test('keeps the last 500 changes, newest first', () => {
  const log = new ChangeLog()
  for (let i = 0; i < 600; i++) {
    log.append([{ code: 'topicDeleted', subject: { kind: 'topic', id: `t${i}` }, params: {} }], i)
  }
  expect(log.changes).toHaveLength(500)
  expect(log.changes[0]?.subject.id).toBe('t599')
})
