import { consumerRecordKeyTypes, decodeConsumerRecord } from '../../../broker/group/consumer/consumer-record.ts'
import { decodeShareGroupRecord, shareGroupKeyTypes } from '../../../broker/group/share/share-group-records.ts'
import { decodeMetadataRecord } from '../../../broker/metadata/records.ts'
import { Reader } from '../../../broker/protocol/reader.ts'
import type { Structure } from '../../../broker/protocol/schema.ts'
import { Writer } from '../../../broker/protocol/writer.ts'
import { decodeShareStateRecord } from '../../../broker/share/share-state-records.ts'
import { decodeTransactionRecord } from '../../../broker/transaction/transaction-records.ts'
import { structures, versionsOf } from '../../broker/protocol/schemas.ts'
import { damage } from '../damage.ts'
import type { FuzzTarget } from '../fuzz-target.ts'
import { hostileBody } from '../hostile-body.ts'
import type { Random } from '../random.ts'
import { readOrRefuse } from '../read-or-refuse.ts'

/** Keys and values in the topics of the coordinators, which are read again at each change of leadership. */
export const coordinatorRecords: FuzzTarget = {
  name: 'coordinator records',
  weight: 6,
  run(random) {
    const key = record(random.pick(keys), random)
    const value = random.oneIn(6) ? null : record(random.pick(structures), random)
    readOrRefuse(() => decodeTransactionRecord(key, value))
    readOrRefuse(() => decodeShareStateRecord(key, value))
    readOrRefuse(() => decodeGroupRecord(key, value))
  },
}

/** What the controller writes, and its successor and all brokers read. */
export const metadataRecords: FuzzTarget = {
  name: 'metadata records',
  weight: 3,
  run(random) {
    const structure = random.pick(structures)
    const version = random.pick(versionsOf(structure))
    const frame = new Writer()
    for (const part of [1, structure.recordType ?? 0, version]) frame.unsignedVarint(part)
    frame.raw(hostileBody(structure, version, random, 12))
    readOrRefuse(() => decodeMetadataRecord(spoiled(frame.toBuffer(), random)))
  },
}

const keys = structures.filter(({ name }) => name.endsWith('Key'))

function decodeGroupRecord(key: Buffer, value: Buffer | null): void {
  const keyReader = new Reader(key)
  const keyType = keyReader.int16()
  const reader = value === null ? undefined : new Reader(value)
  const opened = { keyType, key: keyReader, value: reader && { version: reader.int16(), reader } }
  if (consumerRecordKeyTypes.includes(keyType)) decodeConsumerRecord(opened)
  else if (shareGroupKeyTypes.includes(keyType)) decodeShareGroupRecord(opened)
}

/** Behind its type or version. */
function record(structure: Structure, random: Random): Buffer {
  const version = random.pick(versionsOf(structure))
  const prefix = Buffer.alloc(2)
  prefix.writeInt16BE(random.oneIn(20) ? random.pick([-1, 99]) : (structure.recordType ?? version))
  return spoiled(Buffer.concat([prefix, hostileBody(structure, version, random, random.pick([0, 12]))]), random)
}

function spoiled(bytes: Buffer, random: Random): Buffer {
  return random.oneIn(2) ? damage(bytes, random) : bytes
}
