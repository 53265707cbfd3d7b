import { describe, expect, it } from 'vitest'
import { bootstrapRecords } from '../../../broker/controller/bootstrap.ts'
import { incrementalAlterConfigs } from '../../../broker/controller/config-alteration.ts'
import { updateFeatures } from '../../../broker/controller/feature-update.ts'
import { features } from '../../../broker/metadata/features.ts'
import { errorName } from '../../../broker/protocol/errors.ts'
import { ClusterModel, summary } from './cluster-model.ts'

const elr = 'eligible.leader.replicas.version'
const [upgrade, safeDowngrade] = [1, 2]

function startedCluster(): ClusterModel {
  const cluster = new ClusterModel()
  cluster.write(bootstrapRecords(cluster.state))
  return cluster.start(1, 2, 3)
}

/** `NONE`, or the error and its sentence. */
function update(
  cluster: ClusterModel,
  feature: string,
  maxVersionLevel: number,
  upgradeType = upgrade,
  options: { validateOnly?: boolean } = {},
): string {
  const featureUpdates = [{ feature, maxVersionLevel, allowDowngrade: false, upgradeType }]
  const request = { timeoutMs: 0, featureUpdates, validateOnly: options.validateOnly ?? false }
  const { errorCode, errorMessage } = cluster.apply(updateFeatures(cluster.state, request, 2))
  return errorMessage == null ? errorName(errorCode) : `${errorName(errorCode)}: ${errorMessage}`
}

function setMinIsr(cluster: ClusterModel, resourceName: string, value: string): string {
  const configs = [{ name: 'min.insync.replicas', configOperation: 0, value }]
  const request = { resources: [{ resourceType: 4, resourceName, configs }], validateOnly: false }
  const { responses } = cluster.apply(incrementalAlterConfigs(cluster.state, request))
  return errorName(responses[0]?.errorCode ?? -1)
}

describe('a new cluster', () => {
  it('has every feature at its initial level, and one min.insync.replicas', () => {
    const { image } = startedCluster().state
    const initial = Object.entries(features).map(([name, feature]) => [name, feature.initial])
    expect([...image.features]).toEqual(initial)
    expect(image.brokerConfigs('').get('min.insync.replicas')).toBe('2')
  })

  it('gets the features that came later, but not those that were taken back', () => {
    const cluster = new ClusterModel()
    cluster.write([
      { type: 'FeatureLevelRecord', name: 'metadata.version', featureLevel: 25 },
      { type: 'FeatureLevelRecord', name: elr, featureLevel: 0 },
    ])
    const later = bootstrapRecords(cluster.state)
    expect(later.every((record) => record.type === 'FeatureLevelRecord')).toBe(true)
    cluster.write(later)
    expect(cluster.state.image.features.get(elr)).toBe(0)
    expect(cluster.state.image.features.get('metadata.version')).toBe(25)
    expect(cluster.state.image.features.size).toBe(Object.keys(features).length)
  })
})

describe('updating features', () => {
  const prefix = 'INVALID_UPDATE_VERSION: The update failed for all features since the following feature had an error: '

  it.each([
    [elr, 2, upgrade, 'Invalid update version 2 for feature eligible.leader.replicas.version. Local controller only'],
    [elr, -1, upgrade, 'A feature version cannot be less than 0.'],
    [elr, 0, upgrade, "Can't downgrade the version of this feature without setting the upgrade type"],
    [elr, 1, 9, 'The controller does not support the given upgrade type.'],
    ['no.such', 1, upgrade, 'Local controller does not support this feature.'],
    ['metadata.version', 20, safeDowngrade, 'Refusing to perform the requested downgrade'],
  ])('refuses %s at %i by type %i', (feature, level, type, sentence) => {
    const answer = update(startedCluster(), feature, level, type)
    expect(answer.startsWith(prefix)).toBe(true)
    expect(answer).toContain(sentence)
  })

  it('changes nothing when it only validates', () => {
    const cluster = startedCluster()
    expect(update(cluster, elr, 0, safeDowngrade, { validateOnly: true })).toBe('NONE')
    expect(cluster.state.image.features.get(elr)).toBe(1)
  })

  it('without eligible replicas the last one in sync stays so', () => {
    const cluster = startedCluster()
    cluster.createPartition('t', [1, 2, 3])
    cluster.fence(1)
    cluster.fence(2)
    expect(summary(cluster.partition('t'))).toBe('leader 3, isr 3, eligible 2')
    expect(update(cluster, elr, 0, safeDowngrade)).toBe('NONE')
    expect(summary(cluster.partition('t'))).toBe('leader 3, isr 3')
    cluster.fence(3)
    expect(summary(cluster.partition('t'))).toBe('leader -1, isr 3')
    cluster.unfence(1)
    expect(summary(cluster.partition('t'))).toBe('leader -1, isr 3')
    cluster.unfence(3)
    expect(summary(cluster.partition('t'))).toBe('leader 3, isr 3')
  })

  it('with eligible replicas again, brokers have no min.insync.replicas of their own', () => {
    const cluster = startedCluster()
    expect(setMinIsr(cluster, '1', '1')).toBe('INVALID_CONFIG')
    update(cluster, elr, 0, safeDowngrade)
    expect(setMinIsr(cluster, '1', '1')).toBe('NONE')
    expect(update(cluster, elr, 1)).toBe('NONE')
    expect(cluster.state.image.brokerConfigs(1).has('min.insync.replicas')).toBe(false)
    expect(cluster.state.image.brokerConfigs('').get('min.insync.replicas')).toBe('2')
  })
})
