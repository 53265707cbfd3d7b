import { api, array, bool, type Decoded, type Encodable, int8, int16, int32, message, string } from '../schema.ts'

export const updateFeaturesRequest = message({
  api: 57,
  versions: '0-2',
  flexible: '0+',
  fields: [
    int32('timeoutMs', { default: 60000 }),
    array('featureUpdates', [
      string('feature'),
      int16('maxVersionLevel'),
      bool('allowDowngrade', { versions: '0' }),
      int8('upgradeType', { versions: '1+', default: 1 }),
    ]),
    bool('validateOnly', { versions: '1+', default: false }),
  ],
})

export const updateFeaturesResponse = message({
  api: 57,
  versions: '0-2',
  flexible: '0+',
  fields: [
    int32('throttleTimeMs'),
    int16('errorCode'),
    string('errorMessage', { nullable: '0+' }),
    array('results', [string('feature'), int16('errorCode'), string('errorMessage', { nullable: '0+' })], {
      versions: '0-1',
    }),
  ],
})

export const updateFeatures = api({
  key: 57,
  name: 'UpdateFeatures',
  request: updateFeaturesRequest,
  response: updateFeaturesResponse,
})

export type UpdateFeaturesRequest = Decoded<typeof updateFeaturesRequest>
export type UpdateFeaturesRequestBody = Encodable<typeof updateFeaturesRequest>

export type UpdateFeaturesResponse = Decoded<typeof updateFeaturesResponse>
export type UpdateFeaturesResponseBody = Encodable<typeof updateFeaturesResponse>
