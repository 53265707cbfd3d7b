import { api, array, type Decoded, type Encodable, int8, int16, int32, message, string } from '../schema.ts'

export const describeUserScramCredentialsRequest = message({
  api: 50,
  versions: '0',
  flexible: '0+',
  fields: [array('users', [string('name')], { nullable: '0+' })],
})

export const describeUserScramCredentialsResponse = message({
  api: 50,
  versions: '0',
  flexible: '0+',
  fields: [
    int32('throttleTimeMs'),
    int16('errorCode'),
    string('errorMessage', { nullable: '0+' }),
    array('results', [
      string('user'),
      int16('errorCode'),
      string('errorMessage', { nullable: '0+' }),
      array('credentialInfos', [int8('mechanism'), int32('iterations')]),
    ]),
  ],
})

export const describeUserScramCredentials = api({
  key: 50,
  name: 'DescribeUserScramCredentials',
  request: describeUserScramCredentialsRequest,
  response: describeUserScramCredentialsResponse,
})

export type DescribeUserScramCredentialsRequest = Decoded<typeof describeUserScramCredentialsRequest>
export type DescribeUserScramCredentialsRequestBody = Encodable<typeof describeUserScramCredentialsRequest>

export type DescribeUserScramCredentialsResponse = Decoded<typeof describeUserScramCredentialsResponse>
export type DescribeUserScramCredentialsResponseBody = Encodable<typeof describeUserScramCredentialsResponse>
