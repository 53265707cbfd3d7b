import { type Decoded, type Encodable, int8, string, structure } from '../schema.ts'

export const configRecord = structure({
  name: 'ConfigRecord',
  recordType: 4,
  versions: '0',
  flexible: '0+',
  fields: [int8('resourceType'), string('resourceName'), string('name'), string('value', { nullable: '0+' })],
})

export type ConfigRecord = Decoded<typeof configRecord>
export type ConfigRecordBody = Encodable<typeof configRecord>
