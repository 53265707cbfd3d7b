import { type Decoded, type Encodable, structure } from '../schema.ts'

export const noOpRecord = structure({
  name: 'NoOpRecord',
  recordType: 20,
  versions: '0',
  flexible: '0+',
  fields: [],
})

export type NoOpRecord = Decoded<typeof noOpRecord>
export type NoOpRecordBody = Encodable<typeof noOpRecord>
