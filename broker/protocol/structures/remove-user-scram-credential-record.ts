import { type Decoded, type Encodable, int8, string, structure } from '../schema.ts'

export const removeUserScramCredentialRecord = structure({
  name: 'RemoveUserScramCredentialRecord',
  recordType: 22,
  versions: '0',
  flexible: '0+',
  fields: [string('name'), int8('mechanism')],
})

export type RemoveUserScramCredentialRecord = Decoded<typeof removeUserScramCredentialRecord>
export type RemoveUserScramCredentialRecordBody = Encodable<typeof removeUserScramCredentialRecord>
