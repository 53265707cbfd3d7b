import { errorCodes } from '../../broker/protocol/errors.ts'
import { offsetCommit } from '../../broker/protocol/messages/08-offset-commit.ts'
import { offsetFetch } from '../../broker/protocol/messages/09-offset-fetch.ts'
import { findCoordinator } from '../../broker/protocol/messages/10-find-coordinator.ts'
import { requireNone, type SimulatedClient } from './simulated-client.ts'

/** Commits a group's offset, higher each time, and reads it back: what was acknowledged is not forgotten. */
export class Committer {
  readonly #client: SimulatedClient
  readonly #group: string
  readonly #topic: string
  readonly #mayLose: boolean
  #acknowledged = -1
  #sent = -1
  /** Commits without an answer: one that the network held up may still take effect, after later ones even. */
  readonly #unanswered = new Set<number>()
  #isStopping = false
  isDone = false

  constructor(client: SimulatedClient, group: string, topic: string, mayLose: boolean) {
    this.#client = client
    this.#group = group
    this.#topic = topic
    this.#mayLose = mayLose
    void this.#run()
  }

  stop(): void {
    this.#isStopping = true
  }

  async #run(): Promise<void> {
    const isOver = () => this.#isStopping && this.#acknowledged === this.#sent
    while (!isOver()) {
      await this.#client.persist(isOver, async () => {
        const coordinatorId = await this.#findCoordinator()
        while (!isOver()) {
          if (this.#client.machine.random.chance(0.7)) await this.#commit(coordinatorId)
          else await this.#readBack(coordinatorId)
          await this.#client.sleep(this.#client.machine.random.between(1, 200))
        }
      })
    }
    this.isDone = true
  }

  async #findCoordinator(): Promise<number> {
    const request = { keyType: 0, coordinatorKeys: [this.#group] }
    const { coordinators } = await this.#client.sendToAny(findCoordinator, 4, request)
    requireNone(coordinators[0]?.errorCode)
    return coordinators[0]?.nodeId ?? -1
  }

  async #commit(coordinatorId: number): Promise<void> {
    if (!this.#isStopping || this.#sent < 0) this.#sent += 1
    const committedOffset = this.#sent
    this.#unanswered.add(committedOffset)
    const answer = await this.#client.send(coordinatorId, offsetCommit, 8, {
      groupId: this.#group,
      memberId: '',
      topics: [{ name: this.#topic, partitions: [{ partitionIndex: 0, committedOffset, committedMetadata: '' }] }],
    })
    requireNone(answer.topics[0]?.partitions[0]?.errorCode)
    this.#unanswered.delete(committedOffset)
    this.#acknowledged = committedOffset
  }

  async #readBack(coordinatorId: number): Promise<void> {
    const answer = await this.#client.send(coordinatorId, offsetFetch, 8, {
      groups: [{ groupId: this.#group, topics: [{ name: this.#topic, partitionIndexes: [0] }] }],
      requireStable: false,
    })
    requireNone(answer.groups[0]?.errorCode)
    const partition = answer.groups[0]?.topics[0]?.partitions[0]
    if (partition === undefined || partition.errorCode !== errorCodes.NONE) return
    const { committedOffset } = partition
    const isKept = committedOffset === this.#acknowledged || this.#unanswered.has(committedOffset)
    if (isKept || this.#mayLose) return
    const found = `${committedOffset} is committed according to broker ${coordinatorId}`
    this.#client.machine.violate(`${this.#group}: ${found}, not ${this.#acknowledged}`)
  }
}
