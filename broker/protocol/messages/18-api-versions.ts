import { api, array, bool, type Decoded, type Encodable, int16, int32, int64, message, string } from '../schema.ts'

export const apiVersionsRequest = message({
  api: 18,
  versions: '0-4',
  flexible: '3+',
  fields: [string('clientSoftwareName', { versions: '3+' }), string('clientSoftwareVersion', { versions: '3+' })],
})

export const apiVersionsResponse = message({
  api: 18,
  versions: '0-4',
  flexible: '3+',
  fields: [
    int16('errorCode'),
    array('apiKeys', [int16('apiKey'), int16('minVersion'), int16('maxVersion')]),
    int32('throttleTimeMs', { versions: '1+' }),
    array('supportedFeatures', [string('name'), int16('minVersion'), int16('maxVersion')], { versions: '3+', tag: 0 }),
    int64('finalizedFeaturesEpoch', { versions: '3+', tag: 1, default: -1 }),
    array('finalizedFeatures', [string('name'), int16('maxVersionLevel'), int16('minVersionLevel')], {
      versions: '3+',
      tag: 2,
    }),
    bool('zkMigrationReady', { versions: '3+', tag: 3, default: false }),
  ],
})

export const apiVersions = api({
  key: 18,
  name: 'ApiVersions',
  request: apiVersionsRequest,
  response: apiVersionsResponse,
})

export type ApiVersionsRequest = Decoded<typeof apiVersionsRequest>
export type ApiVersionsRequestBody = Encodable<typeof apiVersionsRequest>

export type ApiVersionsResponse = Decoded<typeof apiVersionsResponse>
export type ApiVersionsResponseBody = Encodable<typeof apiVersionsResponse>
