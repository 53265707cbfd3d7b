import { fetch } from '../../../broker/protocol/messages/01-fetch.ts'
import { findEndTransactionMarker } from '../../../broker/record/control-records.ts'
import { decodeRecords } from '../../../broker/record/decode-records.ts'
import { batchesIn } from '../../../broker/record/record-batch.ts'
import { waitFor } from '../../support/wait-for.ts'
import { type ClusterClient, requireNone } from './cluster-client.ts'

const fetchBytes = 1024 * 1024
const readCommittedLevel = 1

export interface CommittedRecords {
  readonly records: readonly { readonly offset: number; readonly value: string }[]
  /** Where to go on reading. */
  readonly nextOffset: number
  readonly lastStableOffset: number
  readonly highWatermark: number
}

/** One read_committed fetch from the leader: records of aborted transactions are left out as every consumer does. */
export async function fetchCommitted(
  client: ClusterClient,
  topic: string,
  index: number,
  fetchOffset: number,
): Promise<CommittedRecords> {
  const leaderId = await client.leaderOf(topic, index)
  const asked = { partition: index, fetchOffset, partitionMaxBytes: fetchBytes }
  const answer = await client.send(leaderId, fetch, 12, {
    maxWaitMs: 0,
    minBytes: 1,
    isolationLevel: readCommittedLevel,
    topics: [{ topic, partitions: [asked] }],
    forgottenTopicsData: [],
  })
  const partition = answer.responses[0]?.partitions[0]
  requireNone(partition?.errorCode)
  const aborted = (partition?.abortedTransactions ?? []).toSorted((a, b) => a.firstOffset - b.firstOffset)
  const aborting = new Set<number>()
  const records: { offset: number; value: string }[] = []
  let nextOffset = fetchOffset
  for (const batch of batchesIn(partition?.records ?? Buffer.alloc(0))) {
    while (aborted[0] !== undefined && aborted[0].firstOffset <= batch.lastOffset) {
      aborting.add(aborted[0].producerId)
      aborted.shift()
    }
    if (batch.isControl) {
      if (findEndTransactionMarker(batch)?.isCommit === false) aborting.delete(batch.producerId)
    } else if (!batch.isTransactional || !aborting.has(batch.producerId)) {
      for (const { offset, value } of decodeRecords(batch)) {
        if (offset >= fetchOffset) records.push({ offset, value: value?.toString() ?? '' })
      }
    }
    nextOffset = batch.nextOffset
  }
  const { lastStableOffset = -1, highWatermark = -1 } = partition ?? {}
  return { records, nextOffset, lastStableOffset, highWatermark }
}

/** Everything, once every transaction in the partition has ended: a producer is answered before the markers are written. */
export async function readCommitted(client: ClusterClient, topic: string, index: number): Promise<string[]> {
  const hasEnded = async () => {
    const { lastStableOffset, highWatermark } = await fetchCommitted(client, topic, index, 0)
    return lastStableOffset === highWatermark
  }
  await waitFor(`the end of all transactions in ${topic}-${index}`, hasEnded, { timeoutMs: 30_000 })
  const all: string[] = []
  for (let offset = 0; ; ) {
    const { records, nextOffset, lastStableOffset } = await fetchCommitted(client, topic, index, offset)
    all.push(...records.map(({ value }) => value))
    offset = nextOffset
    if (offset >= lastStableOffset) return all
  }
}
