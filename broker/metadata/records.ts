import assert from 'node:assert'
import { decode, encode } from '../protocol/codec.ts'
import { ProtocolError } from '../protocol/protocol-error.ts'
import { Reader } from '../protocol/reader.ts'
import type { Decoded, Encodable, Structure } from '../protocol/schema.ts'
import { accessControlEntryRecord } from '../protocol/structures/access-control-entry-record.ts'
import { brokerRegistrationChangeRecord } from '../protocol/structures/broker-registration-change-record.ts'
import { clientQuotaRecord } from '../protocol/structures/client-quota-record.ts'
import { configRecord } from '../protocol/structures/config-record.ts'
import { featureLevelRecord } from '../protocol/structures/feature-level-record.ts'
import { fenceBrokerRecord } from '../protocol/structures/fence-broker-record.ts'
import { noOpRecord } from '../protocol/structures/no-op-record.ts'
import { partitionChangeRecord } from '../protocol/structures/partition-change-record.ts'
import { partitionRecord } from '../protocol/structures/partition-record.ts'
import { producerIdsRecord } from '../protocol/structures/producer-ids-record.ts'
import { registerBrokerRecord } from '../protocol/structures/register-broker-record.ts'
import { removeAccessControlEntryRecord } from '../protocol/structures/remove-access-control-entry-record.ts'
import { removeTopicRecord } from '../protocol/structures/remove-topic-record.ts'
import { removeUserScramCredentialRecord } from '../protocol/structures/remove-user-scram-credential-record.ts'
import { topicRecord } from '../protocol/structures/topic-record.ts'
import { unfenceBrokerRecord } from '../protocol/structures/unfence-broker-record.ts'
import { unregisterBrokerRecord } from '../protocol/structures/unregister-broker-record.ts'
import { userScramCredentialRecord } from '../protocol/structures/user-scram-credential-record.ts'
import { Writer } from '../protocol/writer.ts'

const structures = {
  RegisterBrokerRecord: registerBrokerRecord,
  UnregisterBrokerRecord: unregisterBrokerRecord,
  BrokerRegistrationChangeRecord: brokerRegistrationChangeRecord,
  FenceBrokerRecord: fenceBrokerRecord,
  UnfenceBrokerRecord: unfenceBrokerRecord,
  TopicRecord: topicRecord,
  RemoveTopicRecord: removeTopicRecord,
  PartitionRecord: partitionRecord,
  PartitionChangeRecord: partitionChangeRecord,
  ConfigRecord: configRecord,
  ProducerIdsRecord: producerIdsRecord,
  FeatureLevelRecord: featureLevelRecord,
  AccessControlEntryRecord: accessControlEntryRecord,
  RemoveAccessControlEntryRecord: removeAccessControlEntryRecord,
  UserScramCredentialRecord: userScramCredentialRecord,
  RemoveUserScramCredentialRecord: removeUserScramCredentialRecord,
  ClientQuotaRecord: clientQuotaRecord,
  NoOpRecord: noOpRecord,
} as const

type Structures = typeof structures
export type MetadataRecordType = keyof Structures

/** A record of the metadata log as it was read. */
export type MetadataRecord = {
  [Type in MetadataRecordType]: { readonly type: Type } & Decoded<Structures[Type]>
}[MetadataRecordType]

/** A record to be written: fields with a default may be left out. */
export type MetadataRecordBody = {
  [Type in MetadataRecordType]: { readonly type: Type } & Encodable<Structures[Type]>
}[MetadataRecordType]

/** KRaft frames the value of each record with three varints: the frame's version, the record's type and its version. */
const frameVersion = 1

const typesByKey: ReadonlyMap<number, MetadataRecordType> = new Map(
  Object.entries(structures).map(([type, structure]) => [keyOf(structure), trustType(type)]),
)

export function encodeMetadataRecord(record: MetadataRecordBody): Buffer {
  const structure: Structure = structures[record.type]
  const version = structure.versions.max
  const writer = new Writer()
  writer.unsignedVarint(frameVersion)
  writer.unsignedVarint(keyOf(structure))
  writer.unsignedVarint(version)
  encode(structure, version, record, writer)
  return writer.toBuffer()
}

/** Throws ProtocolError for a type that this broker does not know: its image would be incomplete. */
export function decodeMetadataRecord(value: Buffer): MetadataRecord {
  const reader = new Reader(value)
  const frame = reader.unsignedVarint()
  if (frame !== frameVersion) throw new ProtocolError(`Metadata record frame of version ${frame}`)
  const key = reader.unsignedVarint()
  const type = typesByKey.get(key)
  if (type === undefined) throw new ProtocolError(`Metadata record of unknown type ${key}`)
  const version = reader.unsignedVarint()
  return trustRecord(type, decode<Structure>(structures[type], version, reader))
}

function keyOf(structure: Structure): number {
  assert(structure.recordType !== undefined, `${structure.name} has no record type`)
  return structure.recordType
}

/** `type` is a key of `structures`. */
function trustType(type: string): MetadataRecordType {
  return type as MetadataRecordType
}

/** `body` was decoded with the structure that belongs to `type`. */
function trustRecord(type: MetadataRecordType, body: object): MetadataRecord {
  return { type, ...body } as MetadataRecord
}
