import { decode, encode } from '../protocol/codec.ts'
import { Reader } from '../protocol/reader.ts'
import type { Encodable, Structure } from '../protocol/schema.ts'
import {
  type GroupMetadataValue,
  type GroupMetadataValueBody,
  groupMetadataKey,
  groupMetadataValue,
} from '../protocol/structures/group-metadata-record.ts'
import {
  type OffsetCommitValue,
  type OffsetCommitValueBody,
  offsetCommitKey,
  offsetCommitValue,
} from '../protocol/structures/offset-commit-record.ts'
import { Writer } from '../protocol/writer.ts'
import type { NewRecord } from '../record/build-batch.ts'

/*
 * The records of `__consumer_offsets`: a key begins with its type, a value with its version. The versions written are
 * those of Apache Kafka 4.3.
 */

const groupMetadataKeyType = 2
const offsetCommitKeyType = 1
/** Written before Kafka 0.9 under the same fields. */
const legacyOffsetCommitKeyType = 0

const groupMetadataVersion = 3
const offsetCommitVersion = 4
/** The only version with an expiry, which clients before OffsetCommit v5 may ask for. */
const expiringOffsetCommitVersion = 1

export interface GroupTopicPartition {
  group: string
  topic: string
  partition: number
}

/** A value is null where the record removes what its key names. */
export type GroupRecord =
  | { kind: 'group'; group: string; value: GroupMetadataValue | null }
  | { kind: 'offset'; key: GroupTopicPartition; value: OffsetCommitValue | null }

export function groupRecord(group: string, value: GroupMetadataValueBody | null): NewRecord {
  return {
    key: versioned(groupMetadataKeyType, groupMetadataKey, 0, { group }),
    value: value && versioned(groupMetadataVersion, groupMetadataValue, groupMetadataVersion, value),
  }
}

export function offsetRecord(key: GroupTopicPartition, value: OffsetCommitValueBody | null): NewRecord {
  return {
    key: versioned(offsetCommitKeyType, offsetCommitKey, 0, key),
    value: value && encodeOffset(value),
  }
}

/** Undefined for what this broker does not keep: other kinds of groups, and the oldest key format. */
export function decodeGroupRecord(key: Buffer, value: Buffer | null): GroupRecord | undefined {
  const keyReader = new Reader(key)
  const type = keyReader.int16()
  // A copy: what a group keeps of it would otherwise keep the whole segment that was read.
  const valueReader = value === null ? undefined : new Reader(Buffer.from(value))
  switch (type) {
    case groupMetadataKeyType:
      return {
        kind: 'group',
        group: decode(groupMetadataKey, 0, keyReader).group,
        value: valueReader === undefined ? null : decode(groupMetadataValue, valueReader.int16(), valueReader),
      }
    case legacyOffsetCommitKeyType:
    case offsetCommitKeyType:
      return {
        kind: 'offset',
        key: decode(offsetCommitKey, 0, keyReader),
        value: valueReader === undefined ? null : decode(offsetCommitValue, valueReader.int16(), valueReader),
      }
    default:
      return undefined
  }
}

function encodeOffset(value: OffsetCommitValueBody): Buffer {
  const hasExpiry = value.expireTimestamp !== undefined && value.expireTimestamp >= 0
  const version = hasExpiry ? expiringOffsetCommitVersion : offsetCommitVersion
  return versioned(version, offsetCommitValue, version, value)
}

function versioned<S extends Structure>(prefix: number, schema: S, version: number, value: Encodable<S>): Buffer {
  const writer = new Writer()
  writer.int16(prefix)
  encode(schema, version, value, writer)
  return writer.toBuffer()
}
