import { bytes, type Decoded, type Encodable, int8, int32, string, structure } from '../schema.ts'

export const userScramCredentialRecord = structure({
  name: 'UserScramCredentialRecord',
  recordType: 11,
  versions: '0',
  flexible: '0+',
  fields: [
    string('name'),
    int8('mechanism'),
    bytes('salt'),
    bytes('storedKey'),
    bytes('serverKey'),
    int32('iterations'),
  ],
})

export type UserScramCredentialRecord = Decoded<typeof userScramCredentialRecord>
export type UserScramCredentialRecordBody = Encodable<typeof userScramCredentialRecord>
