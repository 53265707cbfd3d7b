import type { RecordsPage, RecordsQuery } from '../../contract/record.ts'
import { adminConnection, type ClusterHandle } from '../cluster-handle.ts'
import { withRefusals } from '../kafka-refusal.ts'
import { ServiceError } from '../service-error.ts'
import { describeRecord } from './describe-record.ts'
import { readForward } from './read-forward.ts'
import { readNewest } from './read-newest.ts'
import { type PartitionRecord, TopicReader } from './topic-reader.ts'

const readMsMax = 8_000

/**
 * A page of a topic's records: the newest first, or from the oldest, an offset or a time on in the order in which they
 * were written. Bounded in records, bytes and time: what was read by then is shown.
 */
export function readRecords(cluster: ClusterHandle, topic: string, query: RecordsQuery): Promise<RecordsPage> {
  return withRefusals(async () => {
    const deadlineMs = Date.now() + readMsMax
    const reader = await TopicReader.open(adminConnection(cluster), { topic, partition: query.partition, deadlineMs })
    if (reader.partitions.size === 0) throw noPartition(topic, query)
    const records = await readAsAsked(reader, query)
    return {
      records: records.map(({ partition, record }) => describeRecord(partition, record)),
      partitions: [...reader.partitions.values()].map(({ partition, logStartOffset, endOffset, problem }) => ({
        partition,
        logStartOffset: logStartOffset?.toString() ?? null,
        endOffset: endOffset?.toString() ?? null,
        problem,
      })),
      readAtMs: Date.now(),
    }
  })
}

async function readAsAsked(reader: TopicReader, query: RecordsQuery): Promise<PartitionRecord[]> {
  switch (query.from) {
    case 'newest':
      return readNewest(reader, query.limit)
    case 'oldest':
      return readForward(reader, new Map(), query.limit)
    case 'offset': {
      const offset = BigInt(require(query.offset, 'offset', 'Give the offset to read from.'))
      return readForward(reader, new Map([...reader.partitions.keys()].map((id) => [id, offset])), query.limit)
    }
    case 'time': {
      const timestampMs = require(query.timestampMs, 'timestampMs', 'Give the time to read from.')
      return readForward(reader, await reader.offsetsAt(timestampMs), query.limit)
    }
  }
}

function require<T>(value: T | undefined, path: string, message: string): T {
  if (value !== undefined) return value
  throw new ServiceError('invalid_request', message, { fields: [{ path, message }] })
}

function noPartition(topic: string, { partition }: RecordsQuery): ServiceError {
  const what = partition === undefined ? `no topic ${topic}` : `no partition ${partition} of ${topic}`
  return new ServiceError('not_found', `The cluster has ${what}.`)
}
