import { describe, expect, test } from 'vitest'
import { errorCodes } from '../../../../broker/protocol/errors.ts'
import { seededRandom } from '../../../support/seeded-random.ts'
import { GroupDriver, protocols, sessionTimeoutMs } from './group-driver.ts'

/*
 * Consumers that start, crash, restart under the same instance, leave, dawdle and lose writes at random. Always:
 *
 * - each request is answered at most once, and when everybody has gone quiet, exactly once;
 * - the generation never goes back;
 * - one generation has one leader, who alone learned the members, and they are the group's members;
 * - a member either waits for an answer or its session is being timed;
 * - a rebalance is always being timed, or being written; an empty group has no timers but those of ids it has handed out;
 * - in a stable group a member's assignment is the one that its leader gave to it;
 * - consumers that live and behave end up in one stable group.
 */

const seeds = Array.from({ length: 60 }, (_, i) => i + 1)
const steps = 400

describe('a group under a random crowd', () => {
  test.each(seeds)('seed %i', (seed) => {
    const crowd = new Crowd(seed)
    for (let step = 0; step < steps; step++) {
      crowd.act()
      crowd.check()
    }
    crowd.settle()
    crowd.check()
    crowd.checkSettled()
    crowd.goQuiet()
    expect(crowd.driver.group.state).toBe('Empty')
    expect(crowd.driver.timers.size).toBe(0)
    expect(crowd.unanswered()).toEqual([])
  })
})

interface Consumer {
  readonly instanceId: string | null
  memberId: string
  generationId: number
  isLeader: boolean
  wants: 'join' | 'sync' | 'nothing'
  joinRequest: number | undefined
  syncRequest: number | undefined
  assignment: string | undefined
}

class Crowd {
  readonly driver = new GroupDriver({ initialRebalanceDelayMs: 3_000, membersMax: 6 })
  readonly #random: () => number
  readonly #requests: { join: number[]; sync: number[] } = { join: [], sync: [] }
  #consumers: Consumer[] = []
  #generationId = 0
  #leaders = new Map<number, Set<string>>()
  #names = 0

  constructor(seed: number) {
    this.#random = seededRandom(seed)
  }

  act(): void {
    const { driver } = this
    const roll = this.#random()
    if (roll < 0.12) this.#start()
    else if (roll < 0.18) this.#crash()
    else if (roll < 0.22) this.#leave()
    else if (roll < 0.26) this.#restart()
    else if (roll < 0.3) driver.advance(Math.floor(this.#random() * 20_000))
    else if (roll < 0.34) driver.finishWrites(errorCodes.COORDINATOR_NOT_AVAILABLE)
    else if (roll < 0.46) driver.finishWrites()
    else if (roll < 0.5) this.#pick((consumer) => this.#join(consumer, protocols('sticky', 'range')))
    else if (roll < 0.6) driver.advance(Math.floor(this.#random() * 2_000))
    else this.#pick((consumer) => this.#live(consumer))
    this.#readAnswers()
  }

  check(): void {
    const { group, timers } = this.driver
    const members = [...group.members]
    expect(group.generationId).toBeGreaterThanOrEqual(this.#generationId)
    this.#generationId = group.generationId
    for (const leaders of this.#leaders.values()) expect(leaders.size).toBe(1)
    for (const { memberId, joinRequest, syncRequest } of members) {
      const isTimed = timers.has(`session ${memberId}`)
      expect(isTimed || joinRequest !== undefined || syncRequest !== undefined, memberId).toBe(true)
    }
    if (group.state === 'PreparingRebalance') expect(timers.has('join')).toBe(true)
    const isTimedOrWritten = timers.has('sync') || this.driver.unfinishedWrites.length > 0
    if (group.state === 'CompletingRebalance') expect(isTimedOrWritten).toBe(true)
    if (group.state === 'Empty') {
      expect(members).toEqual([])
      expect([...timers.keys()].filter((timer) => !timer.startsWith('session '))).toEqual([])
    } else if (group.state !== 'PreparingRebalance') {
      expect(members.map(({ memberId }) => memberId)).toContain(group.leaderId)
      for (const { protocols: supported } of members) {
        expect(supported.map(({ name }) => name)).toContain(group.protocolName)
      }
    }
  }

  /** Everyone alive does what a consumer does, promptly and without failures. */
  settle(): void {
    const { driver } = this
    this.#consumers = this.#consumers.slice(0, 4)
    this.#start()
    for (let round = 0; round < 200; round++) {
      for (const consumer of this.#consumers) this.#live(consumer)
      driver.finishWrites()
      driver.advance(1_000)
      this.#readAnswers()
    }
  }

  checkSettled(): void {
    const { group } = this.driver
    expect(group.state).toBe('Stable')
    const members = [...group.members]
    expect(members.map(({ memberId }) => memberId).sort()).toEqual(
      this.#consumers.map(({ memberId }) => memberId).sort(),
    )
    for (const { memberId, generationId, assignment } of this.#consumers) {
      expect(generationId).toBe(group.generationId)
      expect(assignment).toBe(`${memberId} in ${group.generationId}`)
    }
  }

  goQuiet(): void {
    this.#consumers = []
    for (let round = 0; round < 100; round++) {
      this.driver.advance(sessionTimeoutMs)
      this.driver.finishWrites()
    }
  }

  unanswered(): number[] {
    const { joinAnswers, syncAnswers } = this.driver
    const joins = this.#requests.join.filter((request) => !joinAnswers.has(request))
    return [...joins, ...this.#requests.sync.filter((request) => !syncAnswers.has(request))]
  }

  #start(): void {
    const instanceId = this.#random() < 0.4 ? `i${++this.#names}` : null
    this.#consumers.push(newConsumer(instanceId))
  }

  #crash(): void {
    this.#pick((consumer) => this.#forget(consumer))
  }

  #leave(): void {
    this.#pick((consumer) => {
      if (consumer.memberId === '') return
      this.driver.leave({ memberId: consumer.memberId, groupInstanceId: consumer.instanceId ?? undefined })
      this.#forget(consumer)
    })
  }

  #restart(): void {
    this.#pick((consumer) => {
      if (consumer.instanceId === null) return
      this.#forget(consumer)
      this.#consumers.push(newConsumer(consumer.instanceId))
    })
  }

  #live(consumer: Consumer): void {
    if (consumer.joinRequest !== undefined || consumer.syncRequest !== undefined) return
    if (consumer.wants === 'join') this.#join(consumer, protocols('range', 'sticky'))
    else if (consumer.wants === 'sync') this.#sync(consumer)
    else this.#heartbeat(consumer)
  }

  #join(consumer: Consumer, supported: ReturnType<typeof protocols>): void {
    if (consumer.joinRequest !== undefined || consumer.syncRequest !== undefined) return
    consumer.joinRequest = this.driver.join({
      memberId: consumer.memberId,
      newMemberId: `m${++this.#names}`,
      groupInstanceId: consumer.instanceId,
      protocols: supported,
      requiresKnownMemberId: true,
    })
    this.#requests.join.push(consumer.joinRequest)
  }

  #sync(consumer: Consumer): void {
    const { memberId, generationId, instanceId: groupInstanceId, isLeader } = consumer
    const members = isLeader ? [...this.driver.group.members] : []
    const assignments = members.map((member) => {
      return { memberId: member.memberId, assignment: Buffer.from(`${member.memberId} in ${generationId}`) }
    })
    consumer.syncRequest = this.driver.sync({ memberId, generationId, groupInstanceId, assignments })
    this.#requests.sync.push(consumer.syncRequest)
  }

  #heartbeat(consumer: Consumer): void {
    const errorCode = this.driver.heartbeat(consumer.memberId, consumer.generationId, consumer.instanceId)
    if (errorCode !== errorCodes.NONE) this.#failed(consumer, errorCode)
  }

  #readAnswers(): void {
    for (const consumer of this.#consumers) {
      const joined = this.driver.joinAnswers.get(consumer.joinRequest ?? -1)
      if (joined !== undefined) {
        consumer.joinRequest = undefined
        if (joined.errorCode !== errorCodes.NONE) {
          this.#failed(consumer, joined.errorCode, joined.memberId)
          continue
        }
        const { memberId, generationId, leader, members, skipAssignment } = joined
        const isLeader = leader === memberId && skipAssignment === false
        Object.assign(consumer, { memberId, generationId, isLeader, wants: 'sync', assignment: undefined })
        if (isLeader && members.length > 0) this.#leads(generationId ?? -1, memberId)
      }
      const synced = this.driver.syncAnswers.get(consumer.syncRequest ?? -1)
      if (synced === undefined) continue
      consumer.syncRequest = undefined
      if (synced.errorCode !== errorCodes.NONE) this.#failed(consumer, synced.errorCode)
      else Object.assign(consumer, { wants: 'nothing', assignment: synced.assignment.toString() })
    }
  }

  #leads(generationId: number, memberId: string): void {
    const leaders = this.#leaders.get(generationId) ?? new Set()
    this.#leaders.set(generationId, leaders.add(memberId))
  }

  #failed(consumer: Consumer, errorCode: number, memberId?: string): void {
    consumer.wants = 'join'
    if (errorCode === errorCodes.MEMBER_ID_REQUIRED) consumer.memberId = memberId ?? ''
    else if (errorCode === errorCodes.UNKNOWN_MEMBER_ID) consumer.memberId = ''
    else if (errorCode === errorCodes.FENCED_INSTANCE_ID) this.#forget(consumer)
  }

  #pick(act: (consumer: Consumer) => void): void {
    const consumer = this.#consumers[Math.floor(this.#random() * this.#consumers.length)]
    if (consumer !== undefined) act(consumer)
  }

  #forget(consumer: Consumer): void {
    this.#consumers = this.#consumers.filter((other) => other !== consumer)
  }
}

function newConsumer(instanceId: string | null): Consumer {
  return {
    instanceId,
    memberId: '',
    generationId: -1,
    isLeader: false,
    wants: 'join',
    joinRequest: undefined,
    syncRequest: undefined,
    assignment: undefined,
  }
}
