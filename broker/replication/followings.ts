import type { Asked } from './follower-fetch-session.ts'
import type { Partition } from './partition.ts'

/** One partition that is followed, in one leader's term. */
export interface Following {
  readonly partition: Partition
  readonly leaderEpoch: number
  /** The leader's high watermark was reached: a throttle does not hold this replica back. */
  isCaughtUp: boolean
  retryAtMs: number
  backoffMs: number
  asked: Asked | undefined
}

/** What is followed of one leader. */
export class Followings {
  /** The partitions of one topic stand together. */
  #all: Following[] = []
  /** By topic id, then partition. */
  readonly #byTopic = new Map<string, Map<number, Following>>()
  #turn = 0

  get size(): number {
    return this.#all.length
  }

  get(topicId: string, index: number): Following | undefined {
    return this.#byTopic.get(topicId)?.get(index)
  }

  /** In the partition's present leader epoch, instead of an earlier one. */
  add(partition: Partition): void {
    this.remove(partition)
    const { leaderEpoch } = partition
    const following = { partition, leaderEpoch, isCaughtUp: false, retryAtMs: 0, backoffMs: 0, asked: undefined }
    const siblings = this.#byTopic.get(partition.topicId)
    if (siblings === undefined) {
      // Looked for only where there is one to be found, here and in `remove`: of thousands each is added by itself.
      this.#all.push(following)
      this.#byTopic.set(partition.topicId, new Map([[partition.index, following]]))
      return
    }
    const at = this.#all.findLastIndex((other) => other.partition.topicId === partition.topicId)
    this.#all.splice(at + 1, 0, following)
    siblings.set(partition.index, following)
  }

  remove(partition: Partition): void {
    const siblings = this.#byTopic.get(partition.topicId)
    const following = siblings?.get(partition.index)
    if (siblings === undefined || following?.partition !== partition) return
    this.#all.splice(this.#all.indexOf(following), 1)
    siblings.delete(partition.index)
    if (siblings.size === 0) this.#byTopic.delete(partition.topicId)
  }

  clear(): void {
    this.#all = []
    this.#byTopic.clear()
  }

  /** Each time it begins with another partition, so that a full answer does not always leave out the same ones. */
  *inTurn(): Generator<Following, void, undefined> {
    const count = this.#all.length
    const turn = this.#turn
    this.#turn = count === 0 ? 0 : (turn + 1) % count
    for (let i = 0; i < count; i++) {
      const following = this.#all[(turn + i) % count]
      if (following !== undefined) yield following
    }
  }
}

/** What to ask the leader for: the same object as long as nothing has changed. */
export function askFor(following: Following): Asked {
  const { log } = following.partition
  const fetchOffset = log.logEndOffset
  const lastFetchedEpoch = log.leaderEpochs.latest ?? -1
  const { logStartOffset } = log
  const { asked } = following
  if (
    asked?.fetchOffset === fetchOffset &&
    asked.lastFetchedEpoch === lastFetchedEpoch &&
    asked.logStartOffset === logStartOffset
  ) {
    return asked
  }
  following.asked = { fetchOffset, lastFetchedEpoch, logStartOffset }
  return following.asked
}
