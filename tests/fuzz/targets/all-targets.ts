import type { FuzzTarget } from '../fuzz-target.ts'
import { frameStreams, strangers } from './byte-streams.ts'
import { coordinatorRecords, metadataRecords } from './coordinator-records.ts'
import { requests, responses, storedStructures } from './messages.ts'
import { compressedBytes, controlBatches, producedBatches, storedBatches } from './record-batches.ts'

export const allTargets: readonly FuzzTarget[] = [
  requests,
  responses,
  storedStructures,
  coordinatorRecords,
  metadataRecords,
  storedBatches,
  controlBatches,
  producedBatches,
  compressedBytes,
  frameStreams,
  strangers,
]
