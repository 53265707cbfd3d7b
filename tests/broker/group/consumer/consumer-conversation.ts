import { decode } from '../../../../broker/protocol/codec.ts'
import { offsetCommit } from '../../../../broker/protocol/messages/08-offset-commit.ts'
import { offsetFetch } from '../../../../broker/protocol/messages/09-offset-fetch.ts'
import { joinGroup } from '../../../../broker/protocol/messages/11-join-group.ts'
import { heartbeat } from '../../../../broker/protocol/messages/12-heartbeat.ts'
import { leaveGroup } from '../../../../broker/protocol/messages/13-leave-group.ts'
import { syncGroup } from '../../../../broker/protocol/messages/14-sync-group.ts'
import { describeGroups } from '../../../../broker/protocol/messages/15-describe-groups.ts'
import { listGroups } from '../../../../broker/protocol/messages/16-list-groups.ts'
import { deleteGroups } from '../../../../broker/protocol/messages/42-delete-groups.ts'
import { offsetDelete } from '../../../../broker/protocol/messages/47-offset-delete.ts'
import {
  type ConsumerGroupHeartbeatRequestBody,
  consumerGroupHeartbeat,
} from '../../../../broker/protocol/messages/68-consumer-group-heartbeat.ts'
import { consumerGroupDescribe } from '../../../../broker/protocol/messages/69-consumer-group-describe.ts'
import { Reader } from '../../../../broker/protocol/reader.ts'
import type { Api, RequestBodyOf, ResponseOf } from '../../../../broker/protocol/schema.ts'
import { consumerProtocolAssignment } from '../../../../broker/protocol/structures/consumer-protocol.ts'
import { protocols } from '../classic/group-driver.ts'
import type { Answers, Peer } from '../conversation.ts'

/** Holds the same conversation about KIP-848 groups with any broker whose `group.consumer.assignment.interval.ms` is 0. */
export async function converseOfConsumerGroups(peer: Peer): Promise<Answers> {
  const talk = new Conversation(peer)
  await aboutRefusals(talk)
  await aboutTwoMembers(talk)
  await aboutOffsets(talk)
  await aboutLeaving(talk)
  await aboutStaticMembers(talk)
  await aboutUpgrade(talk)
  return talk.answers
}

async function aboutRefusals(talk: Conversation): Promise<void> {
  await talk.beat('epoch in nowhere', { groupId: 'nowhere', memberEpoch: 1 })
  await talk.beat('leave nowhere', { groupId: 'nowhere', memberEpoch: -1 })
  await talk.beat('no group', { ...talk.joining, groupId: '' })
  await talk.beat('no member', { ...talk.joining, memberId: '' })
  await talk.beat('no timeout', { ...talk.joining, rebalanceTimeoutMs: -1 })
  await talk.beat('no owned', { ...talk.joining, topicPartitions: null })
  await talk.beat('owned', { ...talk.joining, topicPartitions: [{ topicId: talk.peer.ordersId, partitions: [0] }] })
  await talk.beat('no subscription', { ...talk.joining, subscribedTopicNames: null })
  await talk.beat('no assignor', { ...talk.joining, serverAssignor: 'sticky' })
  await talk.beat('no regex', { ...talk.joining, subscribedTopicNames: null, subscribedTopicRegex: '(' })
  await talk.beat('-2 without instance', { memberEpoch: -2 })
  await talk.beat('-3', { memberEpoch: -3 })
  await talk.beat('empty instance', { ...talk.joining, instanceId: '' })
  await talk.beat('empty rack', { ...talk.joining, rackId: '' })
  await talk.describe('nothing')
}

async function aboutTwoMembers(talk: Conversation): Promise<void> {
  await talk.beat('a joins', talk.joining)
  await talk.beat('a again', { memberEpoch: 2 })
  await talk.beat('a in full', { ...talk.joining, memberEpoch: 2, topicPartitions: talk.orders(0, 1, 2) })
  await talk.beat('a ahead', { memberEpoch: 3 })
  await talk.beat('a joins once more', talk.joining)
  await talk.describe('one member')
  await talk.beat('b joins', { ...talk.joining, memberId: 'b' })
  await talk.describe('b waits')
  await talk.beat('b waits on', { memberId: 'b', memberEpoch: 3 })
  await talk.beat('a is to give up', { memberEpoch: 2 })
  await talk.describe('a gives up')
  await talk.beat('a has not yet', { memberEpoch: 2, topicPartitions: talk.orders(0, 1, 2) })
  await talk.beat('a has', { memberEpoch: 2, topicPartitions: talk.orders(0, 1) })
  await talk.beat('a missed it', { memberEpoch: 2, topicPartitions: talk.orders(0, 1) })
  await talk.beat('a missed it and says nothing', { memberEpoch: 2 })
  await talk.beat('b gets it', { memberId: 'b', memberEpoch: 3 })
  await talk.beat('stranger', { memberId: 'x', memberEpoch: 3 })
  await talk.describe('two members')
  await talk.ask('classic describe v5', describeGroups, 5, { groups: ['group'], includeAuthorizedOperations: false })
  await talk.ask('classic describe v6', describeGroups, 6, { groups: ['group'], includeAuthorizedOperations: false })
  await talk.list('list')
  await talk.ask('list by state', listGroups, 5, { statesFilter: ['stable'], typesFilter: [] })
  await talk.beat('a reads nothing', { memberEpoch: 3, subscribedTopicNames: [] })
  await talk.beat('a has nothing', { memberEpoch: 3, topicPartitions: [] })
  await talk.beat('b gets all', { memberId: 'b', memberEpoch: 3 })
  await talk.beat('a reads again', { memberEpoch: 4, subscribedTopicNames: ['orders'], serverAssignor: 'range' })
  await talk.describe('a reads again')
}

async function aboutOffsets(talk: Conversation): Promise<void> {
  for (const version of [8, 9, 10]) await talk.commit(`commit v${version}`, { memberId: 'b', memberEpoch: 4, version })
  await talk.commit('commit behind', { memberId: 'b', memberEpoch: 3 })
  await talk.commit('commit far behind', { memberId: 'b', memberEpoch: 2 })
  await talk.commit('commit ahead', { memberId: 'b', memberEpoch: 10 })
  await talk.commit('commit as a stranger', { memberId: 'x', memberEpoch: 4 })
  await talk.commit('commit from outside', {})
  for (const [memberId, memberEpoch] of [
    ['b', 4],
    ['b', 3],
    ['x', 4],
    [null, -1],
  ] as const) {
    const groups = [{ groupId: 'group', memberId, memberEpoch, topics: null }]
    await talk.ask(`fetch as ${memberId} in ${memberEpoch}`, offsetFetch, 9, { groups })
  }
  const topics = [{ name: 'orders', partitions: [{ partitionIndex: 0 }] }]
  await talk.ask('delete offsets', offsetDelete, 0, { groupId: 'group', topics })
  await talk.ask('delete a group of members', deleteGroups, 2, { groupsNames: ['group'] })
}

async function aboutLeaving(talk: Conversation): Promise<void> {
  await talk.beat('b leaves', { memberId: 'b', memberEpoch: -1 })
  await talk.beat('b leaves again', { memberId: 'b', memberEpoch: -1 })
  await talk.describe('a alone')
  await talk.beat('a leaves', { memberEpoch: -1 })
  await talk.describe('nobody')
  await talk.list('list an empty one')
  await talk.commit('commit from outside to an empty one', {})
  const outside = [{ groupId: 'group', topics: null }]
  await talk.ask('fetch from an empty one', offsetFetch, 9, { groups: outside })
  await talk.ask('delete it', deleteGroups, 2, { groupsNames: ['group'] })
  await talk.describe('deleted')
}

async function aboutStaticMembers(talk: Conversation): Promise<void> {
  const instance = { groupId: 'static', instanceId: 'i' }
  await talk.beat('s joins', { ...talk.joining, ...instance, memberId: 's' })
  await talk.beat('t cannot join', { ...talk.joining, ...instance, memberId: 't' })
  await talk.beat('t cannot report', { ...instance, memberId: 't', memberEpoch: 2 })
  await talk.beat('unknown instance', { groupId: 'static', instanceId: 'j', memberId: 's', memberEpoch: 2 })
  await talk.beat('s leaves for now', { ...instance, memberId: 's', memberEpoch: -2 })
  await talk.describe('s has left for now', 'static')
  await talk.beat('t joins', { ...talk.joining, ...instance, memberId: 't' })
  await talk.beat('s is fenced', { ...instance, memberId: 's', memberEpoch: 2 })
  await talk.describe('t has taken over', 'static')
  await talk.beat('t leaves', { ...instance, memberId: 't', memberEpoch: -1 })
  await talk.describe('t has left', 'static')
}

async function aboutUpgrade(talk: Conversation): Promise<void> {
  const first = await talk.joinClassic('classic joins', '')
  const assignments = [{ memberId: first.memberId, assignment: assigned(0, 1, 2) }]
  await talk.sync('classic syncs', first.memberId, first.generationId, assignments)
  await talk.beat('k joins', { ...talk.joining, groupId: 'moving', memberId: 'k' })
  await talk.describe('upgraded', 'moving')
  await talk.list('list the upgraded')
  await talk.beatClassic('classic is to join', first.memberId, first.generationId)
  await talk.sync('classic syncs too early', first.memberId, first.generationId)
  const second = await talk.joinClassic('classic joins again', first.memberId)
  await talk.sync('classic gets its part', first.memberId, second.generationId)
  await talk.beatClassic('classic is told to join once more', first.memberId, second.generationId)
  const third = await talk.joinClassic('classic has given up', first.memberId)
  await talk.sync('classic has its part', first.memberId, third.generationId)
  await talk.beatClassic('classic rests', first.memberId, third.generationId)
  await talk.beatClassic('classic in an old generation', first.memberId, first.generationId)
  await talk.beat('k gets its part', { groupId: 'moving', memberId: 'k', memberEpoch: third.generationId })
  await talk.describe('reconciled', 'moving')
  await talk.commit('classic commits', { groupId: 'moving', memberId: first.memberId, memberEpoch: third.generationId })
  await talk.ask('k is no classic member', leaveGroup, 5, {
    groupId: 'moving',
    members: [{ memberId: 'k', groupInstanceId: null }],
  })
  await talk.beat('k leaves', { groupId: 'moving', memberId: 'k', memberEpoch: -1 })
  await talk.list('list the downgraded')
  await talk.beatClassic('classic again', first.memberId, third.generationId)
  const last = await talk.joinClassic('classic joins its own', first.memberId)
  await talk.sync('classic assigns its own', first.memberId, last.generationId, assignments)
  await talk.list('list what is classic again')
}

class Conversation {
  readonly answers: Answers = {}
  readonly peer: Peer
  readonly joining: Partial<ConsumerGroupHeartbeatRequestBody> = {
    memberEpoch: 0,
    rebalanceTimeoutMs: 60_000,
    subscribedTopicNames: ['orders'],
    topicPartitions: [],
  }
  readonly #ids = new Map<string, string>()

  constructor(peer: Peer) {
    this.peer = peer
    this.#ids.set(peer.ordersId, 'id of orders')
  }

  orders(...partitions: number[]) {
    return [{ topicId: this.peer.ordersId, partitions }]
  }

  async ask<A extends Api>(label: string, api: A, version: number, body: RequestBodyOf<A>): Promise<ResponseOf<A>> {
    const answer = await this.peer.ask(api, version, body)
    this.#note(label, answer)
    return answer
  }

  async beat(label: string, body: Partial<ConsumerGroupHeartbeatRequestBody>): Promise<void> {
    await this.ask(label, consumerGroupHeartbeat, 1, { groupId: 'group', memberId: 'a', memberEpoch: 0, ...body })
  }

  async describe(label: string, groupId = 'group'): Promise<void> {
    const groupIds = [groupId]
    await this.ask(`describe: ${label}`, consumerGroupDescribe, 1, { groupIds, includeAuthorizedOperations: false })
  }

  async list(label: string): Promise<void> {
    await this.ask(label, listGroups, 5, { statesFilter: [], typesFilter: [] })
  }

  async commit(
    label: string,
    words: { groupId?: string; memberId?: string; memberEpoch?: number; version?: number },
  ): Promise<void> {
    const { groupId = 'group', memberId = '', memberEpoch = -1, version = 9 } = words
    const committed = { partitionIndex: 0, committedOffset: 5, committedMetadata: 'note' }
    const topics = [{ name: 'orders', topicId: this.peer.ordersId, partitions: [committed] }]
    await this.ask(label, offsetCommit, version, { groupId, memberId, generationIdOrMemberEpoch: memberEpoch, topics })
  }

  async joinClassic(label: string, memberId: string) {
    const body = {
      groupId: 'moving',
      memberId,
      protocolType: 'consumer',
      protocols: protocols('range'),
      sessionTimeoutMs: 60_000,
      rebalanceTimeoutMs: 4_000,
    }
    const answer = this.peer.ask(joinGroup, 3, body)
    await this.peer.settle()
    const heard = await answer
    if (memberId === '') this.#ids.set(heard.memberId, 'the classic member')
    this.#note(label, heard)
    return heard
  }

  async sync(
    label: string,
    memberId: string,
    generationId: number,
    assignments: { memberId: string; assignment: Buffer }[] = [],
  ): Promise<void> {
    const asked = this.peer.ask(syncGroup, 3, { groupId: 'moving', memberId, generationId, assignments })
    await this.peer.settle()
    const { errorCode, assignment } = await asked
    this.#note(label, { errorCode, assignment: partitionsOf(assignment) })
  }

  async beatClassic(label: string, memberId: string, generationId: number): Promise<void> {
    await this.ask(label, heartbeat, 4, { groupId: 'moving', memberId, generationId })
  }

  /** Without what is said in a broker's own words. */
  #note(label: string, answer: unknown): void {
    const text = JSON.stringify(answer, (key, value) => {
      if (key === 'throttleTimeMs' || key === 'errorMessage' || key === 'clientHost') return undefined
      return value
    })
    let named = text
    for (const [id, name] of this.#ids) named = named.replaceAll(id, name)
    this.answers[label] = sorted(JSON.parse(named))
  }
}

function assigned(...partitions: number[]): Buffer {
  const head = Buffer.from([0, 0, 0, 0, 0, 1, 0, 6])
  const numbers = Buffer.concat([partitions.length, ...partitions].map((number) => Buffer.from([0, 0, 0, number])))
  return Buffer.concat([head, Buffer.from('orders'), numbers, Buffer.from([0xff, 0xff, 0xff, 0xff])])
}

function partitionsOf(assignment: Buffer): unknown {
  if (assignment.length === 0) return 'nothing'
  const reader = new Reader(assignment)
  return decode(consumerProtocolAssignment, reader.int16(), reader).assignedPartitions
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, sorted(field)]))
}
