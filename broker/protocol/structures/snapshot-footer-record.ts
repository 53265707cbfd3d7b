import { type Decoded, type Encodable, int16, structure } from '../schema.ts'

export const snapshotFooterRecord = structure({
  name: 'SnapshotFooterRecord',
  versions: '0',
  flexible: '0+',
  fields: [int16('version')],
})

export type SnapshotFooterRecord = Decoded<typeof snapshotFooterRecord>
export type SnapshotFooterRecordBody = Encodable<typeof snapshotFooterRecord>
