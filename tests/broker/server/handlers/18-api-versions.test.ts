import { expect, test } from 'vitest'
import { MetadataCache } from '../../../../broker/metadata/cache.ts'
import { features } from '../../../../broker/metadata/features.ts'
import { encodeMetadataRecord } from '../../../../broker/metadata/records.ts'
import { anonymousAccess } from '../../../../broker/security/access.ts'
import { apiVersionsHandler } from '../../../../broker/server/handlers/18-api-versions.ts'

test.each([
  [3, [{ name: 'metadata.version', minVersion: 7, maxVersion: 30 }]],
  [4, Object.entries(features).map(([name, { min, max }]) => ({ name, minVersion: min, maxVersion: max }))],
])('version %i is told the features it can read (KAFKA-17011)', (apiVersion, supportedFeatures) => {
  const metadata = new MetadataCache('c')
  const level = (name: string, featureLevel: number) =>
    encodeMetadataRecord({ type: 'FeatureLevelRecord', name, featureLevel })
  metadata.apply([level('metadata.version', 30), level('eligible.leader.replicas.version', 1)], 2)
  const { handle } = apiVersionsHandler({ apis: [] }, metadata)
  const access = anonymousAccess('')
  const identity = { listenerName: 'PLAINTEXT', principal: access.client.principal, access, connectionId: '1' }
  const context = { apiVersion, clientId: 'c', clientHost: '', listener: 'client', ...identity } as const
  expect(handle({ clientSoftwareName: 'test', clientSoftwareVersion: '1' }, context)).toMatchObject({
    supportedFeatures,
  })
})
