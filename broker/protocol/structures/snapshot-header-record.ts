import { type Decoded, type Encodable, int16, int64, structure } from '../schema.ts'

export const snapshotHeaderRecord = structure({
  name: 'SnapshotHeaderRecord',
  versions: '0',
  flexible: '0+',
  fields: [int16('version'), int64('lastContainedLogTimestamp')],
})

export type SnapshotHeaderRecord = Decoded<typeof snapshotHeaderRecord>
export type SnapshotHeaderRecordBody = Encodable<typeof snapshotHeaderRecord>
