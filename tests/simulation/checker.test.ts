import { afterEach, expect, test, vi } from 'vitest'
import { PartitionLog } from '../../broker/log/partition-log.ts'
import { ProducerStates } from '../../broker/log/producer-states.ts'
import { MetadataImage } from '../../broker/metadata/image.ts'
import { Leadership } from '../../broker/replication/leadership.ts'
import { Partition } from '../../broker/replication/partition.ts'
import { makeHistory } from './history.ts'
import { simulate } from './simulation.ts'

/*
 * Brokers with one fault each: a simulation that cannot fail proves nothing. Each seed is of a history in which the fault
 * shows, and which brokers without it survive. Any change of the brokers moves the histories a little, so that now and then
 * it takes one of the next seeds.
 */
const seedsMax = 12

const elections = vi.hoisted(() => ({ areUnclean: false }))

vi.mock(import('../../broker/controller/partition-change.ts'), async (importOriginal) => {
  const original = await importOriginal()
  return {
    ...original,
    changePartition: (transition) => {
      return original.changePartition(elections.areUnclean ? { ...transition, election: 'unclean' } : transition)
    },
  }
})

afterEach(() => {
  vi.restoreAllMocks()
  elections.areUnclean = false
})

interface Fault {
  readonly name: string
  readonly seed: number
  plant(): void
}

const faults: readonly Fault[] = [
  {
    name: 'acknowledges acks=all before the replicas have the records',
    seed: 8,
    plant: () => vi.spyOn(Partition.prototype, 'waitForReplication').mockResolvedValue(undefined),
  },
  {
    name: 'lets the high watermark follow the log instead of the replicas',
    seed: 7,
    plant: () => vi.spyOn(Leadership.prototype, 'computeHighWatermark').mockImplementation((_, end) => end),
  },
  {
    name: 'lets the high watermark fall',
    seed: 7,
    plant: () => {
      const compute = Leadership.prototype.computeHighWatermark
      vi.spyOn(Leadership.prototype, 'computeHighWatermark').mockImplementation(function (
        this: Leadership,
        _,
        ...rest
      ) {
        return compute.call(this, 0, ...rest)
      })
    },
  },
  {
    name: 'does not truncate what another leader has replaced',
    seed: 20,
    plant: () => vi.spyOn(PartitionLog.prototype, 'truncateTo').mockResolvedValue(undefined),
  },
  {
    name: 'elects leaders that are not in sync',
    seed: 53,
    plant: () => {
      elections.areUnclean = true
    },
  },
  {
    name: 'takes followers for in sync that have not caught up',
    seed: 6,
    plant: () => {
      const propose = Leadership.prototype.proposeExpansion
      vi.spyOn(Leadership.prototype, 'proposeExpansion').mockImplementation(function (this: Leadership, _, ...rest) {
        Object.assign(this, { epochStartOffset: 0 })
        return propose.call(this, 0, ...rest)
      })
    },
  },
  {
    name: 'appends a batch again that is sent again',
    seed: 7,
    plant: () => vi.spyOn(ProducerStates.prototype, 'checkClientBatch').mockReturnValue(undefined),
  },
  {
    name: 'does not tell which transactions were aborted',
    seed: 3,
    plant: () => vi.spyOn(PartitionLog.prototype, 'findAborted').mockReturnValue([]),
  },
  {
    name: 'gives two leaders the same epoch',
    seed: 1,
    plant: () => {
      const apply = MetadataImage.prototype.apply
      vi.spyOn(MetadataImage.prototype, 'apply').mockImplementation(function (this: MetadataImage, record, delta) {
        const partitionOf = () =>
          record.type === 'PartitionChangeRecord'
            ? this.topicsById.get(record.topicId)?.partitions[record.partitionId]
            : undefined
        const before = partitionOf()
        apply.call(this, record, delta)
        const after = partitionOf()
        if (before !== undefined && after !== undefined) Object.assign(after, { leaderEpoch: before.leaderEpoch })
      })
    },
  },
]

test.each(faults)(
  'a broker that $name is found out',
  async ({ seed, plant }) => {
    plant()
    let violations: readonly string[] = []
    for (let next = seed; violations.length === 0 && next < seed + seedsMax; next++) {
      violations = (await simulate(makeHistory(next))).violations
    }
    expect(violations).not.toEqual([])
  },
  240_000,
)
