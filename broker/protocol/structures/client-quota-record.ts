import { array, bool, type Decoded, type Encodable, float64, string, structure } from '../schema.ts'

export const clientQuotaRecord = structure({
  name: 'ClientQuotaRecord',
  recordType: 14,
  versions: '0',
  flexible: '0+',
  fields: [
    array('entity', [string('entityType'), string('entityName', { nullable: '0+' })]),
    string('key'),
    float64('value'),
    bool('remove'),
  ],
})

export type ClientQuotaRecord = Decoded<typeof clientQuotaRecord>
export type ClientQuotaRecordBody = Encodable<typeof clientQuotaRecord>
