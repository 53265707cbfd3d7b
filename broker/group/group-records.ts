import { encode } from '../protocol/codec.ts'
import type { Encodable, Structure } from '../protocol/schema.ts'
import {
  type GroupMetadataValueBody,
  groupMetadataKey,
  groupMetadataValue,
} from '../protocol/structures/group-metadata-record.ts'
import {
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

export const groupMetadataKeyType = 2
export const offsetCommitKeyType = 1
/** Written before Kafka 0.9 under the same fields. */
export const legacyOffsetCommitKeyType = 0

const groupMetadataVersion = 3
const offsetCommitVersion = 4
/** The only version with an expiry, which clients before OffsetCommit v5 may ask for. */
const expiringOffsetCommitVersion = 1

export interface GroupTopicPartition {
  group: string
  topic: string
  partition: number
}

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

function encodeOffset(value: OffsetCommitValueBody): Buffer {
  const hasExpiry = value.expireTimestamp !== undefined && value.expireTimestamp >= 0
  const version = hasExpiry ? expiringOffsetCommitVersion : offsetCommitVersion
  return versioned(version, offsetCommitValue, version, value)
}

/** A key behind its type, or a value behind its version. */
export function versioned<S extends Structure>(
  prefix: number,
  schema: S,
  version: number,
  value: Encodable<S>,
): Buffer {
  const writer = new Writer()
  writer.int16(prefix)
  encode(schema, version, value, writer)
  return writer.toBuffer()
}
