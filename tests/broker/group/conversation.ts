import { offsetCommit } from '../../../broker/protocol/messages/08-offset-commit.ts'
import { offsetFetch } from '../../../broker/protocol/messages/09-offset-fetch.ts'
import { joinGroup } from '../../../broker/protocol/messages/11-join-group.ts'
import { heartbeat } from '../../../broker/protocol/messages/12-heartbeat.ts'
import { leaveGroup } from '../../../broker/protocol/messages/13-leave-group.ts'
import { syncGroup } from '../../../broker/protocol/messages/14-sync-group.ts'
import { describeGroups } from '../../../broker/protocol/messages/15-describe-groups.ts'
import { listGroups } from '../../../broker/protocol/messages/16-list-groups.ts'
import { deleteGroups } from '../../../broker/protocol/messages/42-delete-groups.ts'
import { offsetDelete } from '../../../broker/protocol/messages/47-offset-delete.ts'
import type { Api, RequestBodyOf, ResponseOf } from '../../../broker/protocol/schema.ts'
import { protocols } from './classic/group-driver.ts'

/** A broker with the topic `orders` of three partitions, `group.max.size` 3 and sessions from 500 ms on. */
export interface Peer {
  readonly ordersId: string
  ask<A extends Api>(api: A, version: number, body: RequestBodyOf<A>): Promise<ResponseOf<A>>
  /** Time for what was sent before to arrive. */
  settle(): Promise<void>
  wait(ms: number): Promise<void>
}

/** What was answered, by step. Ids are replaced by names, and lists whose order says nothing are sorted. */
export type Answers = Record<string, unknown>

const unknownTopicId = Buffer.alloc(16, 9).toString('base64url')
const generated = /\w+-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g

/** Holds the same conversation about groups with any broker, so that two can be compared. */
export async function converse(peer: Peer): Promise<Answers> {
  const conversation = new Conversation(peer)
  await aboutNothing(conversation)
  await aboutOffsetsWithoutMembers(conversation)
  await aboutRefusedJoins(conversation)
  await aboutOneMember(conversation)
  await aboutManyMembers(conversation)
  await aboutStaticMembers(conversation)
  await aboutOtherProtocols(conversation)
  await aboutTime(conversation)
  return conversation.answers
}

async function aboutNothing(talk: Conversation): Promise<void> {
  const stranger = { groupId: 'nowhere', generationId: 1, memberId: 'x' }
  const partitions = [{ partitionIndex: 0 }]
  for (const groupId of ['nowhere', '']) {
    await talk.ask(`heartbeat in "${groupId}"`, heartbeat, 4, { ...stranger, groupId })
    await talk.ask(`sync in "${groupId}"`, syncGroup, 3, { ...stranger, groupId, assignments: [] })
    await talk.ask(`leave "${groupId}"`, leaveGroup, 5, {
      groupId,
      members: [{ memberId: 'x', groupInstanceId: null }],
    })
    const topics = [{ name: 'orders', partitions }]
    await talk.ask(`delete offsets of "${groupId}"`, offsetDelete, 0, { groupId, topics })
  }
  await talk.ask('sync v5 without protocol', syncGroup, 5, { ...stranger, assignments: [] })
  await talk.ask('leave v2', leaveGroup, 2, { groupId: 'nowhere', memberId: 'x' })
  await talk.ask('nobody leaves', leaveGroup, 5, { groupId: 'nowhere', members: [] })
  for (const version of [0, 5, 6]) await talk.describe(`describe nothing v${version}`, 'nowhere', version)
  await talk.ask('delete nothing', deleteGroups, 2, { groupsNames: ['nowhere', ''] })
  const asked = [{ name: 'orders', partitionIndexes: [0] }]
  for (const version of [1, 2, 5, 7]) {
    await talk.ask(`fetch nothing v${version}`, offsetFetch, version, { groupId: 'nowhere', topics: asked })
  }
  await talk.ask('fetch all of nothing v2', offsetFetch, 2, { groupId: 'nowhere', topics: null })
  const unknown = { name: 'unknown', topicId: unknownTopicId, partitionIndexes: [0] }
  const orders = { name: 'orders', topicId: talk.peer.ordersId, partitionIndexes: [0] }
  for (const version of [8, 9, 10]) {
    const groups = [
      { groupId: 'nowhere', topics: [orders, unknown] },
      { groupId: '', topics: null },
    ]
    await talk.ask(`fetch nothing v${version}`, offsetFetch, version, { groups, requireStable: true })
  }
  const groups = [{ groupId: 'nowhere', memberId: 'x', memberEpoch: 3, topics: null }]
  await talk.ask('fetch nothing as a member', offsetFetch, 9, { groups })
}

async function aboutOffsetsWithoutMembers(talk: Conversation): Promise<void> {
  for (const version of [2, 5, 6, 7, 8, 9, 10]) await talk.commit(`commit v${version}`, { version })
  await talk.commit('commit to an unknown id', { version: 10, topicId: unknownTopicId })
  await talk.commit('commit to an unknown topic', { name: 'unknown' })
  await talk.commit('commit to an unknown partition', { partition: 9 })
  await talk.commit('commit to a negative partition', { partition: -1 })
  await talk.commit('commit without a group', { groupId: '' })
  await talk.commit('commit without metadata', { metadata: null, partition: 1 })
  await talk.commit('commit long metadata', { metadata: 'x'.repeat(4097) })
  await talk.commit('commit a negative offset', { offset: -1, partition: 2 })
  for (const version of [8, 9]) {
    const sender = { groupId: 'new', generationId: 1, memberId: 'x', version }
    await talk.commit(`commit in a generation of nothing v${version}`, sender)
  }
  await talk.commit('commit as a member of nothing', { groupId: 'member', memberId: 'x' })
  await talk.commit('commit as an instance of nothing', { groupId: 'instance', groupInstanceId: 'i' })
  const topics = [{ name: 'orders', partitionIndexes: [0, 1] }]
  for (const version of [1, 2, 5, 7]) {
    await talk.ask(`fetch v${version}`, offsetFetch, version, { groupId: 'simple', topics, requireStable: true })
  }
  for (const version of [8, 10]) {
    await talk.ask(`fetch all v${version}`, offsetFetch, version, { groups: [{ groupId: 'simple', topics: null }] })
  }
  await talk.describe('describe a group without members', 'simple')
  for (const version of [0, 3, 4, 5]) await talk.ask(`list v${version}`, listGroups, version, {})
  for (const [statesFilter, typesFilter] of [
    [['empty'], ['CLASSIC']],
    [['Bogus'], []],
    [[], ['Bogus']],
  ] as const) {
    await talk.ask(`list ${statesFilter} ${typesFilter}`, listGroups, 5, { statesFilter, typesFilter })
  }
  const partitions = [{ partitionIndex: 0 }, { partitionIndex: 9 }]
  const removal = { groupId: 'simple', topics: [{ name: 'orders', partitions }] }
  await talk.ask('delete offsets', offsetDelete, 0, removal)
  await talk.ask('delete the group', deleteGroups, 1, { groupsNames: ['simple'] })
  await talk.describe('describe the deleted group', 'simple')
}

async function aboutRefusedJoins(talk: Conversation): Promise<void> {
  await talk.hear('join without a group', talk.join({ groupId: '' }))
  await talk.hear('join with a short session', talk.join({ sessionTimeoutMs: 1 }))
  await talk.hear('join with a long session', talk.join({ sessionTimeoutMs: 99_999_999 }))
  await talk.hear('join as a member of nothing', talk.join({ memberId: 'x' }))
  await talk.hear('join without protocols', talk.join({ protocols: [] }))
  await talk.hear('join without a type', talk.join({ protocolType: '' }))
  await talk.describe('describe what nobody could join', 'group')
}

async function aboutOneMember(talk: Conversation): Promise<void> {
  const { memberId } = await talk.hear('first join of a', talk.join())
  await talk.describe('describe with a pending member', 'group')
  await talk.hear('pending a joins without protocols', talk.join({ memberId, protocols: [] }))
  await talk.beat('heartbeat of pending a', memberId, 0)
  await talk.hear('second join of a', talk.join({ memberId }))
  await talk.beat('heartbeat while completing', memberId, 1)
  await talk.commit('commit while completing', { groupId: 'group', generationId: 1, memberId })
  await talk.commit('outsider commits while completing', { groupId: 'group' })
  await talk.describe('describe while completing', 'group')
  await talk.hear('sync with another protocol', talk.sync(memberId, 1, { protocolName: 'sticky' }))
  await talk.hear('sync with another generation', talk.sync(memberId, 2))
  await talk.hear('join again while completing', talk.join({ memberId, version: 6 }))
  const assignments = [memberId, 'bogus'].map((to) => ({ memberId: to, assignment: Buffer.from('all') }))
  await talk.hear('sync of a', talk.sync(memberId, 1, { assignments }))
  await talk.hear('sync again', talk.sync(memberId, 1))
  for (const version of [0, 3, 5, 6]) await talk.describe(`describe when stable v${version}`, 'group', version)
  const own = { groupId: 'group', generationId: 1, memberId }
  await talk.commit('commit when stable', own)
  await talk.commit('commit in an old generation', { ...own, generationId: 0 })
  await talk.commit('commit as an outsider', { groupId: 'group' })
  await talk.commit('commit without an id', { ...own, memberId: '' })
  await talk.commit('commit without a generation', { ...own, generationId: -1 })
  await talk.commit('commit as an unknown instance', { ...own, groupInstanceId: 'i' })
  await talk.ask('delete with members', deleteGroups, 2, { groupsNames: ['group'] })
  const topics = ['orders', 'unknown'].map((name) => ({ name, partitions: [{ partitionIndex: 0 }] }))
  await talk.ask('delete offsets that are read', offsetDelete, 0, { groupId: 'group', topics })
  await talk.hear('join with another protocol', talk.join({ memberId, protocols: protocols('sticky') }))
  await talk.hear('join with another type', talk.join({ protocolType: 'connect' }))
  await talk.beat('heartbeat of an old generation', memberId, 0)
  await talk.beat('heartbeat of an unknown instance', memberId, 1, 'i')
}

/** Goes on with member a of the conversation before. */
async function aboutManyMembers(talk: Conversation): Promise<void> {
  const a = talk.idOf('second join of a')
  const b = (await talk.hear('first join of b', talk.join())).memberId
  const joiningB = talk.join({ memberId: b })
  await talk.peer.settle()
  await talk.beat('heartbeat while preparing', a, 1)
  await talk.commit('commit while preparing', { groupId: 'group', generationId: 1, memberId: a })
  await talk.hear('sync while preparing', talk.sync(a, 1))
  await talk.describe('describe while preparing', 'group')
  await talk.hear('a joins again', talk.join({ memberId: a }))
  await talk.hear('b has joined', joiningB)
  const syncingB = talk.sync(b, 2)
  await talk.peer.settle()
  await talk.hear('a syncs', talk.sync(a, 2, { assignments: [{ memberId: b, assignment: Buffer.from('for b') }] }))
  await talk.hear('b has synced', syncingB)
  await talk.hear('follower joins again unchanged', talk.join({ memberId: b }))
  const c = (await talk.hear('first join of c', talk.join())).memberId
  const d = (await talk.hear('first join of d', talk.join())).memberId
  const joining: [string, Promise<unknown>][] = []
  for (const memberId of [c, d, a]) {
    joining.push([`${['c', 'd', 'a'][joining.length]} is in`, talk.join({ memberId })])
    await talk.peer.settle()
  }
  await talk.hear('b is one too many', talk.join({ memberId: b }))
  for (const [label, answer] of joining) await talk.hear(label, answer)
  await talk.describe('describe a full group', 'group')
  const leaving = [a, 'bogus'].map((memberId) => ({ memberId, groupInstanceId: null, reason: 'enough' }))
  const nobody = ['bogus', null].map((groupInstanceId) => ({ memberId: '', groupInstanceId }))
  await talk.ask('some leave', leaveGroup, 5, { groupId: 'group', members: [...leaving, ...nobody] })
  const rest = [c, d].map((memberId) => ({ memberId, groupInstanceId: null }))
  await talk.ask('the rest leaves', leaveGroup, 3, { groupId: 'group', members: rest })
  await talk.peer.settle()
  await talk.describe('describe when all have left', 'group')
  await talk.beat('heartbeat after leaving', a, 3)
  await talk.commit('outsider commits when all have left', { groupId: 'group' })
  await talk.commit('member commits after leaving', { groupId: 'group', generationId: 3, memberId: a })
  await talk.hear('join after leaving', talk.join({ memberId: a }))
}

async function aboutStaticMembers(talk: Conversation): Promise<void> {
  const [groupId, one, two] = [
    'static',
    { groupId: 'static', groupInstanceId: 'i1' },
    { groupId: 'static', groupInstanceId: 'i2' },
  ]
  const first = (await talk.hear('static join', talk.join(one))).memberId
  const assignments = [{ memberId: first, assignment: Buffer.from('all') }]
  await talk.hear('static sync', talk.sync(first, 1, { ...one, assignments }))
  const second = (await talk.hear('static leader restarts, v9', talk.join(one))).memberId
  await talk.hear('restarted leader syncs', talk.sync(second, 1, one))
  await talk.beat('fenced heartbeat', first, 1, 'i1', groupId)
  await talk.beat('heartbeat of the old id', first, 1, null, groupId)
  await talk.commit('fenced commit', { ...one, generationId: 1, memberId: first })
  await talk.hear('fenced join', talk.join({ ...one, memberId: first }))
  await talk.hear('fenced sync', talk.sync(first, 1, one))
  const third = (await talk.hear('static leader restarts, v7', talk.join({ ...one, version: 7 }))).memberId
  const joining = talk.join(two)
  await talk.peer.settle()
  await talk.hear('static leader joins again', talk.join({ ...one, memberId: third }))
  const other = (await talk.hear('other static member joins', joining)).memberId
  const restarting = talk.join(two)
  await talk.peer.settle()
  await talk.describe('describe after a restart while completing', groupId)
  await talk.hear('static leader joins once more', talk.join({ ...one, memberId: third }))
  await talk.hear('other static member restarted', restarting)
  const gone = [{ memberId: other, groupInstanceId: 'i2' }]
  await talk.ask('fenced leave', leaveGroup, 5, { groupId, members: gone })
  const instances = ['i2', 'i1'].map((groupInstanceId) => ({ memberId: '', groupInstanceId }))
  await talk.ask('leave by instance', leaveGroup, 5, { groupId, members: instances })
  await talk.peer.settle()
  await talk.describe('describe without static members', groupId)
}

async function aboutOtherProtocols(talk: Conversation): Promise<void> {
  const groupId = 'connect'
  const { memberId } = await talk.hear('join v0', talk.join({ groupId, version: 0, protocolType: 'connect' }))
  await talk.ask('sync v0', syncGroup, 0, { groupId, generationId: 1, memberId, assignments: [] })
  const topics = [{ name: 'orders', partitions: [{ partitionIndex: 0 }] }]
  await talk.ask('delete offsets of a connect group', offsetDelete, 0, { groupId, topics })
  await talk.ask('leave v0', leaveGroup, 0, { groupId, memberId })
  await talk.peer.settle()
  await talk.ask('list by states', listGroups, 4, { statesFilter: ['Empty', 'Stable'] })
  await talk.ask('delete offsets of an empty connect group', offsetDelete, 0, { groupId, topics })
}

/** Sessions of 900 ms and rebalances of 1.5 s. */
async function aboutTime(talk: Conversation): Promise<void> {
  const groupId = 'timed'
  const timed = { groupId, version: 3, sessionTimeoutMs: 900, rebalanceTimeoutMs: 1_500 }
  const { peer } = talk
  const beatFor = async (ms: number, memberId: string, generationId: number) => {
    for (let passedMs = 0; passedMs < ms; passedMs += 200) {
      await peer.ask(heartbeat, 3, { groupId, memberId, generationId })
      await peer.wait(200)
    }
  }
  const state = async (label: string) => {
    const { groups } = await peer.ask(describeGroups, 6, { groups: [groupId] })
    talk.answers[label] = [groups[0]?.groupState, groups[0]?.members.length]
  }
  const a = (await talk.hear('timed a joins', talk.join(timed))).memberId
  await talk.hear('timed a syncs', talk.sync(a, 1, { groupId }))
  const joining = talk.join(timed)
  await beatFor(1_000, a, 1)
  await state('before the rebalance timeout')
  await beatFor(700, a, 1)
  await talk.beat('who did not join again is out', a, 1, null, groupId)
  const b = (await talk.hear('timed b has joined', joining)).memberId
  await beatFor(600, b, 2)
  await state('before the sync timeout')
  await beatFor(1_000, b, 2)
  await talk.beat('who did not sync is out', b, 2, null, groupId)
  await peer.wait(300)
  await state('nobody is left')
  const c = (await talk.hear('timed c joins', talk.join(timed))).memberId
  await talk.hear('timed c syncs', talk.sync(c, 4, { groupId }))
  for (let i = 0; i < 4; i++) {
    await peer.wait(400)
    await talk.commit('commit instead of a heartbeat', { groupId, generationId: 4, memberId: c })
  }
  await state('commits keep the session')
  await peer.wait(1_500)
  await state('the session has ended')
}

interface JoinWords {
  groupId?: string
  version?: number
  memberId?: string
  groupInstanceId?: string
  protocolType?: string
  protocols?: ReturnType<typeof protocols>
  sessionTimeoutMs?: number
  rebalanceTimeoutMs?: number
}

interface SyncWords {
  groupId?: string
  groupInstanceId?: string
  protocolName?: string
  assignments?: { memberId: string; assignment: Buffer }[]
}

interface CommitWords {
  groupId?: string
  version?: number
  memberId?: string
  groupInstanceId?: string
  generationId?: number
  name?: string
  topicId?: string
  partition?: number
  offset?: number
  metadata?: string | null
}

class Conversation {
  readonly answers: Answers = {}
  readonly peer: Peer
  readonly #ids = new Map<string, string>()
  readonly #names = new Map<string, string>()

  constructor(peer: Peer) {
    this.peer = peer
    this.#names.set(peer.ordersId, 'id of orders')
  }

  async ask<A extends Api>(label: string, api: A, version: number, body: RequestBodyOf<A>): Promise<void> {
    this.#note(label, await this.peer.ask(api, version, body))
  }

  /** Waits for what was asked before; a member's id is known by the step in which it was first heard. */
  async hear<Answer>(label: string, answer: Promise<Answer>): Promise<Answer & { memberId: string }> {
    await this.peer.settle()
    const heard = await answer
    const memberId = memberIdIn(heard)
    if (memberId.search(generated) === 0 && !this.#names.has(memberId))
      this.#names.set(memberId, `member of "${label}"`)
    this.#ids.set(label, memberId)
    this.#note(label, heard)
    return { ...heard, memberId }
  }

  idOf(label: string): string {
    return this.#ids.get(label) ?? ''
  }

  join({ version = 9, ...words }: JoinWords = {}) {
    const timeouts = { sessionTimeoutMs: 60_000, rebalanceTimeoutMs: 4_000 }
    const member = { groupId: 'group', memberId: '', protocolType: 'consumer', protocols: protocols('range') }
    return this.peer.ask(joinGroup, version, { ...timeouts, ...member, ...words })
  }

  sync(memberId: string, generationId: number, words: SyncWords = {}) {
    const told = { protocolType: 'consumer', protocolName: 'range' }
    const member = { groupId: 'group', memberId, generationId, assignments: [] }
    return this.peer.ask(syncGroup, 5, { ...told, ...member, ...words })
  }

  beat(
    label: string,
    memberId: string,
    generationId: number,
    groupInstanceId: string | null = null,
    groupId = 'group',
  ) {
    return this.ask(label, heartbeat, 4, { groupId, memberId, generationId, groupInstanceId })
  }

  commit(label: string, words: CommitWords): Promise<void> {
    const { groupId = 'simple', memberId = '', groupInstanceId = null, generationId = -1, version = 8 } = words
    const { name = 'orders', topicId = this.peer.ordersId, partition: partitionIndex = 0, offset = 5 } = words
    const { metadata: committedMetadata = 'note' } = words
    const committed = { partitionIndex, committedOffset: offset, committedLeaderEpoch: 1, committedMetadata }
    const topics = [{ name, topicId, partitions: [committed] }]
    const sender = { groupId, memberId, generationIdOrMemberEpoch: generationId }
    // Clients before v7 cannot name an instance.
    const body = version < 7 ? { ...sender, topics } : { ...sender, groupInstanceId, topics }
    return this.ask(label, offsetCommit, version, body)
  }

  describe(label: string, groupId: string, version = 6): Promise<void> {
    return this.ask(label, describeGroups, version, { groups: [groupId], includeAuthorizedOperations: version > 4 })
  }

  #note(label: string, answer: unknown): void {
    const text = JSON.stringify(answer, (key, value) => (key === 'throttleTimeMs' ? undefined : plain(value)))
    let named = text
    for (const [id, name] of this.#names) named = named.replaceAll(id, name.replaceAll('"', "'"))
    this.answers[label] = sorted(JSON.parse(named.replaceAll(generated, 'a member not heard of yet')))
  }
}

function memberIdIn(answer: unknown): string {
  if (typeof answer !== 'object' || answer === null || !('memberId' in answer)) return ''
  return typeof answer.memberId === 'string' ? answer.memberId : ''
}

/** Buffers reach JSON.stringify as what their toJSON made of them. */
function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('type' in value) || !('data' in value)) return value
  return value.type === 'Buffer' && Array.isArray(value.data) ? Buffer.from(value.data).toString('latin1') : value
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, sorted(field)]))
}
