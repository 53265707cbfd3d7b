import { features } from '../metadata/features.ts'
import type { MetadataRecordBody } from '../metadata/records.ts'
import { errorCodes, KafkaError } from '../protocol/errors.ts'
import type { UpdateFeaturesRequest, UpdateFeaturesResponseBody } from '../protocol/messages/57-update-features.ts'
import type { ControllerState, Decision } from './controller-state.ts'
import { elrFeature, elrSafetyRecords, forgetEligibleReplicas } from './elr-safety.ts'

type FeatureUpdate = UpdateFeaturesRequest['featureUpdates'][number]

const upgradeTypes = { upgrade: 1, safeDowngrade: 2, unsafeDowngrade: 3 } as const

/** Sets levels of features, all or none of them. All brokers run one release, so only its own ranges count. */
export function updateFeatures(
  state: ControllerState,
  request: UpdateFeaturesRequest,
  apiVersion: number,
): Decision<UpdateFeaturesResponseBody> {
  const { featureUpdates } = request
  const records: MetadataRecordBody[] = []
  try {
    requireUpdates(featureUpdates)
    for (const update of featureUpdates) records.push(...updateFeature(state, update, apiVersion))
  } catch (error) {
    if (!(error instanceof KafkaError)) throw error
    const errorMessage = `The update failed for all features since the following feature had an error: ${error.message}`
    return { records: [], response: { throttleTimeMs: 0, errorCode: error.code, errorMessage, results: [] } }
  }
  const results = featureUpdates.map(({ feature }) => ({ feature, errorCode: errorCodes.NONE, errorMessage: null }))
  return {
    records: request.validateOnly ? [] : records,
    response: { throttleTimeMs: 0, errorCode: errorCodes.NONE, errorMessage: null, results },
  }
}

function requireUpdates(updates: readonly FeatureUpdate[]): void {
  if (updates.length === 0) throw new KafkaError(errorCodes.INVALID_REQUEST, 'Can not provide empty FeatureUpdates.')
}

function updateFeature(state: ControllerState, update: FeatureUpdate, apiVersion: number): MetadataRecordBody[] {
  const { feature, maxVersionLevel: level } = update
  const upgradeType = apiVersion === 0 && update.allowDowngrade ? upgradeTypes.safeDowngrade : update.upgradeType
  const present = state.image.features.get(feature) ?? 0
  const problem = findProblem(update, upgradeType, present)
  if (problem !== undefined) {
    const message = `Invalid update version ${level} for feature ${feature}. ${problem}`
    throw new KafkaError(errorCodes.INVALID_UPDATE_VERSION, message)
  }
  if (feature === 'metadata.version' && level < present) throw refusedDowngrade(level)
  if (level === present) return []
  const record: MetadataRecordBody = { type: 'FeatureLevelRecord', name: feature, featureLevel: level }
  if (feature !== elrFeature) return [record]
  return [record, ...(level === 0 ? forgetEligibleReplicas(state) : elrSafetyRecords(state))]
}

function findProblem({ feature, maxVersionLevel: level }: FeatureUpdate, upgradeType: number, present: number) {
  const range = features[feature]
  if (!Object.values<number>(upgradeTypes).includes(upgradeType)) {
    return 'The controller does not support the given upgrade type.'
  }
  if (level < 0) return 'A feature version cannot be less than 0.'
  if (range === undefined) return 'Local controller does not support this feature.'
  if (level < range.min || level > range.max) {
    return `Local controller only supports versions ${range.min}-${range.max}`
  }
  if (level < present && upgradeType === upgradeTypes.upgrade) {
    return "Can't downgrade the version of this feature without setting the upgrade type to either safe or unsafe downgrade."
  }
  if (level > present && upgradeType !== upgradeTypes.upgrade) return "Can't downgrade to a newer version."
  return undefined
}

/** The log is written in the newest form only. */
function refusedDowngrade(level: number): KafkaError {
  return new KafkaError(
    errorCodes.INVALID_UPDATE_VERSION,
    `Invalid metadata.version ${level}. Refusing to perform the requested downgrade because it might delete metadata ` +
      'information.',
  )
}
