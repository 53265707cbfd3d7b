import type { Controller } from '../../controller/controller.ts'
import type { Handler } from '../handler.ts'
import { fetchMetadataLogHandler } from './01-fetch-metadata-log.ts'
import { createTopicsHandler } from './19-create-topics.ts'
import { deleteTopicsHandler } from './20-delete-topics.ts'
import { alterConfigsHandler } from './33-alter-configs.ts'
import { createPartitionsHandler } from './37-create-partitions.ts'
import { electLeadersHandler } from './43-elect-leaders.ts'
import { incrementalAlterConfigsHandler } from './44-incremental-alter-configs.ts'
import { alterPartitionReassignmentsHandler } from './45-alter-partition-reassignments.ts'
import { listPartitionReassignmentsHandler } from './46-list-partition-reassignments.ts'
import { describeQuorumHandler } from './55-describe-quorum.ts'
import { alterPartitionHandler } from './56-alter-partition.ts'
import { updateFeaturesHandler } from './57-update-features.ts'
import { fetchSnapshotHandler } from './59-fetch-snapshot.ts'
import { brokerRegistrationHandler } from './62-broker-registration.ts'
import { brokerHeartbeatHandler } from './63-broker-heartbeat.ts'
import { unregisterBrokerHandler } from './64-unregister-broker.ts'
import { allocateProducerIdsHandler } from './67-allocate-producer-ids.ts'

/** What the controller port serves. */
export function controllerHandlers(controller: Controller): Handler[] {
  return [
    fetchMetadataLogHandler(controller),
    createTopicsHandler(controller),
    deleteTopicsHandler(controller),
    alterConfigsHandler(controller),
    createPartitionsHandler(controller),
    electLeadersHandler(controller),
    incrementalAlterConfigsHandler(controller),
    alterPartitionReassignmentsHandler(controller),
    listPartitionReassignmentsHandler(controller),
    describeQuorumHandler(controller),
    alterPartitionHandler(controller),
    brokerRegistrationHandler(controller),
    brokerHeartbeatHandler(controller),
    updateFeaturesHandler(controller),
    fetchSnapshotHandler(controller),
    unregisterBrokerHandler(controller),
    allocateProducerIdsHandler(controller),
  ]
}
