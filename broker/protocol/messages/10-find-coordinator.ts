import { api, array, type Decoded, type Encodable, int8, int16, int32, message, string } from '../schema.ts'

export const findCoordinatorRequest = message({
  api: 10,
  versions: '0-6',
  flexible: '3+',
  fields: [
    string('key', { versions: '0-3' }),
    int8('keyType', { versions: '1+', default: 0 }),
    array('coordinatorKeys', 'string', { versions: '4+' }),
  ],
})

export const findCoordinatorResponse = message({
  api: 10,
  versions: '0-6',
  flexible: '3+',
  fields: [
    int32('throttleTimeMs', { versions: '1+' }),
    int16('errorCode', { versions: '0-3' }),
    string('errorMessage', { versions: '1-3', nullable: '1-3' }),
    int32('nodeId', { versions: '0-3' }),
    string('host', { versions: '0-3' }),
    int32('port', { versions: '0-3' }),
    array(
      'coordinators',
      [
        string('key'),
        int32('nodeId'),
        string('host'),
        int32('port'),
        int16('errorCode'),
        string('errorMessage', { nullable: '4+' }),
      ],
      { versions: '4+' },
    ),
  ],
})

export const findCoordinator = api({
  key: 10,
  name: 'FindCoordinator',
  request: findCoordinatorRequest,
  response: findCoordinatorResponse,
})

export type FindCoordinatorRequest = Decoded<typeof findCoordinatorRequest>
export type FindCoordinatorRequestBody = Encodable<typeof findCoordinatorRequest>

export type FindCoordinatorResponse = Decoded<typeof findCoordinatorResponse>
export type FindCoordinatorResponseBody = Encodable<typeof findCoordinatorResponse>
export type CoordinatorBody = NonNullable<FindCoordinatorResponseBody['coordinators']>[number]
