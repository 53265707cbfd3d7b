import type { BrokerConnection } from '../../../broker/network/connection.ts'
import { type ProduceResponse, produce } from '../../../broker/protocol/messages/00-produce.ts'
import { type FetchRequestBody, fetch, type PartitionData } from '../../../broker/protocol/messages/01-fetch.ts'
import { buildBatch, type NewBatch } from '../../../broker/record/build-batch.ts'
import { decodeRecords } from '../../../broker/record/decode-records.ts'
import { batchesIn } from '../../../broker/record/record-batch.ts'

export function batchOf(values: readonly string[], options: Partial<NewBatch> = {}): Buffer {
  const records = values.map((value) => ({ key: null, value: Buffer.from(value) }))
  return buildBatch({ records, timestampMs: Date.now(), ...options })
}

export type ProducedPartition = ProduceResponse['responses'][number]['partitionResponses'][number]

/** Produces one batch to one partition by topic name. */
export async function produceTo(
  connection: BrokerConnection,
  topic: string,
  values: readonly string[],
  options: { index?: number; acks?: number; timeoutMs?: number; batch?: Partial<NewBatch> } = {},
): Promise<ProducedPartition> {
  const { index = 0, acks = -1, timeoutMs = 10_000 } = options
  const response = await connection.send(
    produce,
    12,
    {
      acks,
      timeoutMs,
      topicData: [{ name: topic, partitionData: [{ index, records: batchOf(values, options.batch) }] }],
    },
    { timeoutMs: 30_000 },
  )
  const partition = response.responses[0]?.partitionResponses[0]
  if (partition === undefined) throw new Error('Produce was answered without its partition')
  return partition
}

export async function fetchFrom(
  connection: BrokerConnection,
  topic: string,
  fetchOffset: number,
  options: Partial<FetchRequestBody> & {
    currentLeaderEpoch?: number
    lastFetchedEpoch?: number
    bytesMax?: number
  } = {},
): Promise<PartitionData> {
  const { currentLeaderEpoch = -1, lastFetchedEpoch = -1, bytesMax = 1_000_000, ...rest } = options
  const asked = { partition: 0, fetchOffset, currentLeaderEpoch, lastFetchedEpoch, partitionMaxBytes: bytesMax }
  const response = await connection.send(
    fetch,
    12,
    {
      maxWaitMs: 0,
      minBytes: 1,
      maxBytes: bytesMax,
      topics: [{ topic, partitions: [asked] }],
      forgottenTopicsData: [],
      ...rest,
    },
    { timeoutMs: 30_000 },
  )
  const partition = response.responses[0]?.partitions[0]
  if (partition === undefined) throw new Error('Fetch was answered without its partition')
  return partition
}

/** The values of the records at or behind `fromOffset`. */
export function valuesOf(records: Buffer | null, fromOffset = 0): string[] {
  const values: string[] = []
  for (const batch of batchesIn(records ?? Buffer.alloc(0))) {
    for (const record of decodeRecords(batch)) {
      if (record.offset >= fromOffset) values.push(record.value?.toString() ?? '')
    }
  }
  return values
}

export async function readAllValues(connection: BrokerConnection, topic: string): Promise<string[]> {
  const values: string[] = []
  for (;;) {
    const { records, highWatermark } = await fetchFrom(connection, topic, values.length)
    values.push(...valuesOf(records, values.length))
    if (values.length >= highWatermark) return values
  }
}
