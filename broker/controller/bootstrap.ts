import { features } from '../metadata/features.ts'
import type { MetadataRecordBody } from '../metadata/records.ts'
import type { ControllerState } from './controller-state.ts'
import { elrFeature, elrSafetyRecords } from './elr-safety.ts'

/** What a new cluster's log starts with, and what an older one lacks: the features that came with this release. */
export function bootstrapRecords(state: ControllerState): MetadataRecordBody[] {
  const missing = Object.entries(features).filter(([name]) => !state.image.features.has(name))
  const levels = missing.map(
    ([name, { initial }]): MetadataRecordBody => ({ type: 'FeatureLevelRecord', name, featureLevel: initial }),
  )
  const isElrNew = missing.some(([name]) => name === elrFeature)
  return isElrNew ? [...levels, ...elrSafetyRecords(state)] : levels
}
