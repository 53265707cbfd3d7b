import { api, array, bytes, type Decoded, type Encodable, int8, int16, int32, message, string } from '../schema.ts'

export const alterUserScramCredentialsRequest = message({
  api: 51,
  versions: '0',
  flexible: '0+',
  fields: [
    array('deletions', [string('name'), int8('mechanism')]),
    array('upsertions', [
      string('name'),
      int8('mechanism'),
      int32('iterations'),
      bytes('salt'),
      bytes('saltedPassword'),
    ]),
  ],
})

export const alterUserScramCredentialsResponse = message({
  api: 51,
  versions: '0',
  flexible: '0+',
  fields: [
    int32('throttleTimeMs'),
    array('results', [string('user'), int16('errorCode'), string('errorMessage', { nullable: '0+' })]),
  ],
})

export const alterUserScramCredentials = api({
  key: 51,
  name: 'AlterUserScramCredentials',
  request: alterUserScramCredentialsRequest,
  response: alterUserScramCredentialsResponse,
})

export type AlterUserScramCredentialsRequest = Decoded<typeof alterUserScramCredentialsRequest>
export type AlterUserScramCredentialsRequestBody = Encodable<typeof alterUserScramCredentialsRequest>

export type AlterUserScramCredentialsResponse = Decoded<typeof alterUserScramCredentialsResponse>
export type AlterUserScramCredentialsResponseBody = Encodable<typeof alterUserScramCredentialsResponse>
