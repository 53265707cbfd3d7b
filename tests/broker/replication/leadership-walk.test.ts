import { expect, it } from 'vitest'
import { type IsrProposal, Leadership } from '../../../broker/replication/leadership.ts'
import { seededRandom } from '../../support/seeded-random.ts'

/*
 * Three replicas, a controller and a clock, all in memory. The walk appends, copies, stalls, restarts followers, loses
 * answers of the controller, and lets any member of the controller's ISR take over. Through all of it:
 *   - the high watermark of a leader never goes back, and no longer moves while the ISR is below its minimum
 *   - whatever was below a high watermark once is, unchanged, on every member of the controller's ISR
 */

const ids = [1, 2, 3]
const lagTimeMaxMs = 100
const minInSyncReplicas = 2

interface Replica {
  log: { epoch: number; value: number }[]
  brokerEpoch: number
  isAlive: boolean
}

class Walk {
  readonly #random: () => number
  readonly #replicas = new Map<number, Replica>(ids.map((id) => [id, { log: [], brokerEpoch: 1, isAlive: true }]))
  #nowMs = 0
  #nextValue = 0
  /** The controller's view. */
  #isr: readonly number[] = ids
  #partitionEpoch = 0
  #leaderEpoch = 0
  #leaderId = 1
  #leadership: Leadership
  #highWatermark = 0
  #proposals: IsrProposal[] = []
  #committed: number[] = []

  constructor(seed: number) {
    this.#random = seededRandom(seed)
    this.#leadership = this.#newLeadership()
  }

  step(): void {
    const dice = this.#random()
    if (dice < 0.3) this.#append()
    else if (dice < 0.6) this.#fetch()
    else if (dice < 0.7) this.#nowMs += Math.floor(this.#random() * 80)
    else if (dice < 0.8) this.#check()
    else if (dice < 0.9) this.#answerProposal()
    else if (dice < 0.94) this.#leadership.assign(this.#assignment, this.#nowMs)
    else if (dice < 0.98) this.#restartFollower()
    else this.#elect()
    this.#advance()
    this.#verify()
  }

  get committedCount(): number {
    return this.#committed.length
  }

  #append(): void {
    this.#leader.log.push({ epoch: this.#leaderEpoch, value: this.#nextValue++ })
  }

  #fetch(): void {
    const id = this.#pick(ids.filter((other) => other !== this.#leaderId))
    const replica = this.#replica(id)
    if (!replica.isAlive) return
    truncateToCommonPrefix(replica, this.#leader)
    const fetch = {
      replicaId: id,
      brokerEpoch: replica.brokerEpoch,
      fetchOffset: replica.log.length,
      logStartOffset: 0,
    }
    this.#leadership.recordFetch(fetch, this.#leader.log.length, this.#nowMs)
    const proposal = this.#leadership.proposeExpansion(this.#highWatermark, this.#nowMs, this.#leader.brokerEpoch)
    if (proposal !== undefined) this.#proposals.push(proposal)
    this.#advance()
    const count = Math.floor(this.#random() * 4)
    replica.log.push(...this.#leader.log.slice(replica.log.length, replica.log.length + count))
  }

  #check(): void {
    const proposal = this.#leadership.proposeShrink(this.#leader.log.length, this.#nowMs, this.#leader.brokerEpoch)
    if (proposal !== undefined) this.#proposals.push(proposal)
  }

  /** As the controller judges: stale proposals and members that restarted meanwhile are refused. Answers may be lost. */
  #answerProposal(): void {
    const proposal = this.#proposals.shift()
    if (proposal === undefined) return
    const isCurrent = proposal.leaderEpoch === this.#leaderEpoch && proposal.partitionEpoch === this.#partitionEpoch
    if (!isCurrent) return
    const isEligible = proposal.isr.every(({ brokerId, brokerEpoch }) => this.#isEligible(brokerId, brokerEpoch))
    if (!isEligible) {
      this.#leadership.withdrawProposal()
      return
    }
    this.#isr = proposal.isr.map(({ brokerId }) => brokerId)
    this.#partitionEpoch += 1
    if (this.#random() < 0.7) this.#leadership.confirm(this.#isr, this.#partitionEpoch)
  }

  /** A new process with the old log: the controller takes it out of the ISR. */
  #restartFollower(): void {
    const id = this.#pick(ids.filter((other) => other !== this.#leaderId))
    const replica = this.#replica(id)
    replica.isAlive = this.#random() < 0.7
    replica.brokerEpoch += 1
    if (!this.#isr.includes(id)) return
    this.#isr = this.#isr.filter((other) => other !== id)
    this.#partitionEpoch += 1
  }

  #elect(): void {
    const candidates = this.#isr.filter((id) => this.#replica(id).isAlive)
    if (candidates.length === 0) return
    this.#leaderId = this.#pick(candidates)
    this.#leaderEpoch += 1
    this.#partitionEpoch += 1
    this.#proposals = []
    // A follower learns high watermarks late: the new leader may know of none.
    this.#highWatermark = Math.floor(this.#random() * (this.#committed.length + 1))
    this.#leadership = this.#newLeadership()
  }

  #newLeadership(): Leadership {
    return new Leadership({
      nodeId: this.#leaderId,
      leaderEpoch: this.#leaderEpoch,
      epochStartOffset: this.#leader.log.length,
      assignment: this.#assignment,
      lagTimeMaxMs,
      isEligible: (id, brokerEpoch) => this.#isEligible(id, brokerEpoch),
      nowMs: this.#nowMs,
    })
  }

  #advance(): void {
    const before = this.#highWatermark
    const { isr } = this.#leadership
    const end = this.#leader.log.length
    this.#highWatermark = this.#leadership.computeHighWatermark(before, end, minInSyncReplicas, this.#nowMs)
    if (this.#highWatermark < before) expect.fail(`The high watermark went back from ${before}`)
    if (isr.length < minInSyncReplicas && this.#highWatermark > before) expect.fail('It moved below the min ISR')
    const seen = this.#leader.log.slice(0, this.#highWatermark).map(({ value }) => value)
    if (seen.length > this.#committed.length) this.#committed = seen
  }

  #verify(): void {
    for (const id of this.#isr) {
      const { log } = this.#replica(id)
      const lost = this.#committed.findIndex((value, offset) => log[offset]?.value !== value)
      if (lost !== -1) expect.fail(`Broker ${id} lost the record at ${lost} of ${this.#committed.length}`)
    }
  }

  get #assignment() {
    return { replicas: ids, isr: this.#isr, partitionEpoch: this.#partitionEpoch }
  }

  #isEligible(id: number, brokerEpoch: number): boolean {
    const replica = this.#replica(id)
    return replica.isAlive && replica.brokerEpoch === brokerEpoch
  }

  get #leader(): Replica {
    return this.#replica(this.#leaderId)
  }

  #replica(id: number): Replica {
    const replica = this.#replicas.get(id)
    if (replica === undefined) throw new Error(`No replica ${id}`)
    return replica
  }

  #pick(choices: readonly number[]): number {
    return choices[Math.floor(this.#random() * choices.length)] ?? this.#leaderId
  }
}

function truncateToCommonPrefix(follower: Replica, leader: Replica): void {
  const parted = follower.log.findIndex((record, i) => leader.log[i]?.value !== record.value)
  if (parted !== -1) follower.log.length = parted
}

it('keeps what was committed through 100 seeded walks of appends, stalls, lost answers and elections', () => {
  let committed = 0
  for (let seed = 1; seed <= 100; seed++) {
    const walk = new Walk(seed)
    try {
      for (let i = 0; i < 400; i++) walk.step()
    } catch (error) {
      throw new Error(`Seed ${seed}`, { cause: error })
    }
    committed += walk.committedCount
  }
  expect(committed).toBeGreaterThan(3_000)
})
