import { type Decoded, type Encodable, int16, string, structure } from '../schema.ts'

export const featureLevelRecord = structure({
  name: 'FeatureLevelRecord',
  recordType: 12,
  versions: '0',
  flexible: '0+',
  fields: [string('name'), int16('featureLevel')],
})

export type FeatureLevelRecord = Decoded<typeof featureLevelRecord>
export type FeatureLevelRecordBody = Encodable<typeof featureLevelRecord>
