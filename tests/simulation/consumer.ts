import { errorCodes } from '../../broker/protocol/errors.ts'
import { fetch } from '../../broker/protocol/messages/01-fetch.ts'
import { decodeRecords } from '../../broker/record/decode-records.ts'
import { batchesIn } from '../../broker/record/record-batch.ts'
import type { Ledger, LedgerPartition } from './ledger.ts'
import { Refused, type SimulatedClient } from './simulated-client.ts'

/** Reads one partition from its start on, and now and then again from there. */
export class Consumer {
  readonly #client: SimulatedClient
  readonly #ledger: Ledger
  readonly #partition: LedgerPartition
  #position = 0
  #isStopping = false

  constructor(client: SimulatedClient, ledger: Ledger, partition: LedgerPartition) {
    this.#client = client
    this.#ledger = ledger
    this.#partition = partition
    void this.#run()
  }

  stop(): void {
    this.#isStopping = true
  }

  async #run(): Promise<void> {
    const isOver = () => this.#isStopping || this.#partition.isDeleted
    while (!isOver()) {
      await this.#client.persist(isOver, async () => {
        const leader = await this.#client.findLeader(this.#partition)
        while (!isOver()) await this.#readFrom(leader)
      })
    }
  }

  /** With the epoch, without which a follower may answer too, of what it has. */
  async #readFrom({ leaderId, leaderEpoch }: { leaderId: number; leaderEpoch: number }): Promise<void> {
    const { topicId, index } = this.#partition
    const currentLeaderEpoch = leaderEpoch
    const asked = { partition: index, fetchOffset: this.#position, currentLeaderEpoch, partitionMaxBytes: 20_000 }
    const answer = await this.#client.send(leaderId, fetch, 13, {
      maxWaitMs: 500,
      minBytes: 1,
      topics: [{ topicId, partitions: [asked] }],
      forgottenTopicsData: [],
    })
    const partition = answer.responses[0]?.partitions[0]
    const errorCode = answer.errorCode !== errorCodes.NONE ? answer.errorCode : (partition?.errorCode ?? -1)
    if (errorCode === errorCodes.OFFSET_OUT_OF_RANGE) this.#takeOutOfRange(leaderId)
    if (errorCode !== errorCodes.NONE) throw new Refused(errorCode)
    this.#take(partition?.records ?? Buffer.alloc(0))
    if (this.#position >= (partition?.highWatermark ?? 0) && this.#client.machine.random.chance(0.02))
      this.#position = 0
  }

  #take(records: Buffer): void {
    for (const batch of batchesIn(records)) {
      for (const { offset, value } of decodeRecords(batch)) {
        if (offset < this.#position) continue
        if (offset > this.#position && !this.#partition.mayLose) {
          this.#violate(`${offset} follows ${this.#position - 1}`)
        }
        this.#ledger.noteRead(this.#partition, offset, value?.toString() ?? '', this.#client.name)
        this.#position = offset + 1
      }
    }
  }

  /** Of what was once read nothing may be out of range: the high watermark does not go back. */
  #takeOutOfRange(leaderId: number): void {
    if (!this.#partition.mayLose) this.#violate(`broker ${leaderId} says that ${this.#position} is out of range`)
    this.#position = 0
  }

  #violate(text: string): void {
    const { topic, index } = this.#partition
    this.#client.machine.violate(`${this.#client.name} on ${topic}-${index}: ${text}`)
  }
}
