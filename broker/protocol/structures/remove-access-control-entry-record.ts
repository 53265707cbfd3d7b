import { type Decoded, type Encodable, structure, uuid } from '../schema.ts'

export const removeAccessControlEntryRecord = structure({
  name: 'RemoveAccessControlEntryRecord',
  recordType: 19,
  versions: '0',
  flexible: '0+',
  fields: [uuid('id')],
})

export type RemoveAccessControlEntryRecord = Decoded<typeof removeAccessControlEntryRecord>
export type RemoveAccessControlEntryRecordBody = Encodable<typeof removeAccessControlEntryRecord>
