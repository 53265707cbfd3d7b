import { decode, encode } from '../protocol/codec.ts'
import { Reader } from '../protocol/reader.ts'
import type { Encodable, Structure } from '../protocol/schema.ts'
import {
  type ShareSnapshotValue,
  type ShareSnapshotValueBody,
  shareSnapshotKey,
  shareSnapshotValue,
} from '../protocol/structures/share-snapshot-record.ts'
import {
  type ShareUpdateValue,
  type ShareUpdateValueBody,
  shareUpdateKey,
  shareUpdateValue,
} from '../protocol/structures/share-update-record.ts'
import { Writer } from '../protocol/writer.ts'
import type { NewRecord } from '../record/build-batch.ts'
import type { SharePartitionKey } from './share-partition-key.ts'

/* The records of `__share_group_state`: a key begins with its type, a value with its version, of which there is one. */

const snapshotKeyType = 0
const updateKeyType = 1
const version = 0

/** A snapshot without a value removes what its key names. */
export type ShareStateRecord =
  | { readonly kind: 'snapshot'; readonly key: SharePartitionKey; readonly value: ShareSnapshotValue | null }
  | { readonly kind: 'update'; readonly key: SharePartitionKey; readonly value: ShareUpdateValue }

export function snapshotRecord(key: SharePartitionKey, value: ShareSnapshotValueBody | null): NewRecord {
  return {
    key: prefixed(snapshotKeyType, shareSnapshotKey, key),
    value: value && prefixed(version, shareSnapshotValue, value),
  }
}

export function updateRecord(key: SharePartitionKey, value: ShareUpdateValueBody): NewRecord {
  return { key: prefixed(updateKeyType, shareUpdateKey, key), value: prefixed(version, shareUpdateValue, value) }
}

/** Undefined for what later versions of Kafka may write there. */
export function decodeShareStateRecord(key: Buffer, value: Buffer | null): ShareStateRecord | undefined {
  const keyReader = new Reader(key)
  const type = keyReader.int16()
  const valueReader = value === null ? undefined : new Reader(value)
  if (valueReader !== undefined && valueReader.int16() !== version) return undefined
  if (type === snapshotKeyType) {
    return {
      kind: 'snapshot',
      key: decode(shareSnapshotKey, version, keyReader),
      value: valueReader === undefined ? null : decode(shareSnapshotValue, version, valueReader),
    }
  }
  if (type !== updateKeyType || valueReader === undefined) return undefined
  return {
    kind: 'update',
    key: decode(shareUpdateKey, version, keyReader),
    value: decode(shareUpdateValue, version, valueReader),
  }
}

function prefixed<S extends Structure>(prefix: number, schema: S, value: Encodable<S>): Buffer {
  const writer = new Writer()
  writer.int16(prefix)
  encode(schema, version, value, writer)
  return writer.toBuffer()
}
