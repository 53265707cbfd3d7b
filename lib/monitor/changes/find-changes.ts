import type { ChangeRow } from '../../contract/change.ts'
import type { ClusterSnapshot, GroupState, TopicState } from '../snapshot.ts'

export type FoundChange = Pick<ChangeRow, 'code' | 'subject' | 'params'>

/** What is different in `after`. Parts that were not read again are equal, so nothing is found in them. */
export function findChanges(before: ClusterSnapshot, after: ClusterSnapshot): FoundChange[] {
  return [
    ...brokerChanges(before, after),
    ...controllerChanges(before, after),
    ...topicChanges(before, after),
    ...groupChanges(before, after),
  ]
}

function* brokerChanges(before: ClusterSnapshot, after: ClusterSnapshot): Iterable<FoundChange> {
  for (const { id, isOnline } of after.brokers.values()) {
    const known = before.brokers.get(id)
    if (known === undefined || known.isOnline === isOnline) continue
    yield { code: isOnline ? 'brokerUp' : 'brokerDown', subject: { kind: 'broker', id: `${id}` }, params: {} }
  }
}

function* controllerChanges(before: ClusterSnapshot, after: ClusterSnapshot): Iterable<FoundChange> {
  if (after.controller === null || before.controller === null || before.controller.id === after.controller.id) return
  const { id, epoch } = after.controller
  const subject = { kind: 'broker', id: `${id}` } as const
  yield { code: 'controllerMoved', subject, params: { from: before.controller.id, to: id, epoch } }
}

function* topicChanges(before: ClusterSnapshot, after: ClusterSnapshot): Iterable<FoundChange> {
  for (const topic of after.topics.values()) {
    const known = before.topics.get(topic.name)
    if (known === undefined || known.id !== topic.id) yield created(topic)
    else yield* partitionChanges(known, topic)
  }
  for (const name of before.topics.keys()) {
    if (!after.topics.has(name)) yield { code: 'topicDeleted', subject: { kind: 'topic', id: name }, params: {} }
  }
}

function created({ name, partitions }: TopicState): FoundChange {
  const replicationFactor = partitions[0]?.replicas.length ?? 0
  const params = { partitions: partitions.length, replicationFactor }
  return { code: 'topicCreated', subject: { kind: 'topic', id: name }, params }
}

/** One change a topic and kind, with a count: a broker that dies changes thousands of partitions at once. */
function* partitionChanges(before: TopicState, after: TopicState): Iterable<FoundChange> {
  const subject = { kind: 'topic', id: after.name } as const
  if (after.partitions.length > before.partitions.length) {
    const params = { from: before.partitions.length, to: after.partitions.length }
    yield { code: 'partitionsAdded', subject, params }
  }
  const moved: { partition: number; from: number | null; to: number | null }[] = []
  const shrunk: { partition: number; brokers: number[] }[] = []
  const grown: { partition: number; brokers: number[] }[] = []
  for (const [index, known] of before.partitions.entries()) {
    const now = after.partitions[index]
    if (now === undefined) continue
    const { partition } = now
    if (now.leader !== known.leader) moved.push({ partition, from: known.leader, to: now.leader })
    const left = known.inSync.filter((id) => !now.inSync.includes(id))
    const joined = now.inSync.filter((id) => !known.inSync.includes(id))
    if (left.length > 0) shrunk.push({ partition, brokers: left })
    if (joined.length > 0) grown.push({ partition, brokers: joined })
  }
  if (moved.length > 0) yield { code: 'leaderMoved', subject, params: movedParams(moved) }
  if (shrunk.length > 0) yield { code: 'isrShrunk', subject, params: inSyncParams(shrunk) }
  if (grown.length > 0) yield { code: 'isrGrown', subject, params: inSyncParams(grown) }
}

function movedParams(moved: readonly { partition: number; from: number | null; to: number | null }[]) {
  const from = onlyOne(moved.map((move) => move.from))
  const to = onlyOne(moved.map((move) => move.to))
  return {
    ...countParams(moved),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  }
}

function inSyncParams(changed: readonly { partition: number; brokers: readonly number[] }[]) {
  const broker = onlyOne(changed.flatMap(({ brokers }) => brokers))
  return { ...countParams(changed), ...(broker === undefined ? {} : { broker }) }
}

function countParams(changed: readonly { partition: number }[]): Record<string, number> {
  const partition = onlyOne(changed.map((change) => change.partition))
  return { partitions: changed.length, ...(partition === undefined ? {} : { partition }) }
}

function onlyOne(values: readonly (number | null)[]): number | undefined {
  const [first] = values
  return first != null && values.every((value) => value === first) ? first : undefined
}

function* groupChanges(before: ClusterSnapshot, after: ClusterSnapshot): Iterable<FoundChange> {
  for (const group of after.groups.values()) {
    const known = before.groups.get(group.id)
    if (known !== undefined) yield* changesOfGroup(known, group)
  }
}

function* changesOfGroup(before: GroupState, after: GroupState): Iterable<FoundChange> {
  const subject = { kind: 'group', id: after.id } as const
  if (before.state !== after.state) {
    yield { code: 'groupStateChanged', subject, params: { from: before.state, to: after.state } }
  }
  if (before.members === null || after.members === null || before.members.length === after.members.length) return
  const params = { from: before.members.length, to: after.members.length }
  yield { code: 'groupMembersChanged', subject, params }
}
