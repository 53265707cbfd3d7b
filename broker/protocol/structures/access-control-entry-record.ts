import { type Decoded, type Encodable, int8, string, structure, uuid } from '../schema.ts'

export const accessControlEntryRecord = structure({
  name: 'AccessControlEntryRecord',
  recordType: 18,
  versions: '0',
  flexible: '0+',
  fields: [
    uuid('id'),
    int8('resourceType'),
    string('resourceName'),
    int8('patternType'),
    string('principal'),
    string('host'),
    int8('operation'),
    int8('permissionType'),
  ],
})

export type AccessControlEntryRecord = Decoded<typeof accessControlEntryRecord>
export type AccessControlEntryRecordBody = Encodable<typeof accessControlEntryRecord>
