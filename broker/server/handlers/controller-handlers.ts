import type { Controller } from '../../controller/controller.ts'
import { type Authorizer, allowEverything } from '../../security/authorizer.ts'
import { Dispatcher } from '../dispatcher.ts'
import type { Handler } from '../handler.ts'
import { type MutationQuotas, noMutationQuotas } from '../quota/mutation-quotas.ts'
import { fetchMetadataLogHandler } from './01-fetch-metadata-log.ts'
import { createTopicsHandler } from './19-create-topics.ts'
import { deleteTopicsHandler } from './20-delete-topics.ts'
import { createAclsHandler } from './30-create-acls.ts'
import { deleteAclsHandler } from './31-delete-acls.ts'
import { alterConfigsHandler } from './33-alter-configs.ts'
import { createPartitionsHandler } from './37-create-partitions.ts'
import { electLeadersHandler } from './43-elect-leaders.ts'
import { incrementalAlterConfigsHandler } from './44-incremental-alter-configs.ts'
import { alterPartitionReassignmentsHandler } from './45-alter-partition-reassignments.ts'
import { listPartitionReassignmentsHandler } from './46-list-partition-reassignments.ts'
import { alterClientQuotasHandler } from './49-alter-client-quotas.ts'
import { alterUserScramCredentialsHandler } from './51-alter-user-scram-credentials.ts'
import { describeQuorumHandler } from './55-describe-quorum.ts'
import { alterPartitionHandler } from './56-alter-partition.ts'
import { updateFeaturesHandler } from './57-update-features.ts'
import { envelopeHandler } from './58-envelope.ts'
import { fetchSnapshotHandler } from './59-fetch-snapshot.ts'
import { brokerRegistrationHandler } from './62-broker-registration.ts'
import { brokerHeartbeatHandler } from './63-broker-heartbeat.ts'
import { unregisterBrokerHandler } from './64-unregister-broker.ts'
import { allocateProducerIdsHandler } from './67-allocate-producer-ids.ts'

/** What the controller decides by, besides its image. */
export interface ControllerSecurity {
  readonly authorizer: Authorizer
  /** Whether there is one at all. */
  readonly hasAuthorizer: boolean
  readonly mutations: Pick<MutationQuotas, 'allowanceOf'>
}

/** What the controller port serves. */
export function controllerHandlers(
  controller: Controller,
  security: ControllerSecurity = { authorizer: allowEverything, hasAuthorizer: false, mutations: noMutationQuotas },
): Handler[] {
  const forClients = forwardedHandlers(controller, security)
  return [
    ...forClients,
    envelopeHandler(new Dispatcher('controller', forClients), security.authorizer),
    fetchMetadataLogHandler(controller),
    fetchSnapshotHandler(controller),
    alterPartitionHandler(controller),
    brokerRegistrationHandler(controller),
    brokerHeartbeatHandler(controller),
    allocateProducerIdsHandler(controller),
  ]
}

/** What clients may ask, by way of a broker. */
function forwardedHandlers(controller: Controller, { hasAuthorizer, mutations }: ControllerSecurity): Handler[] {
  return [
    createTopicsHandler(controller, mutations),
    deleteTopicsHandler(controller, mutations),
    createAclsHandler(controller, hasAuthorizer),
    deleteAclsHandler(controller, hasAuthorizer),
    alterConfigsHandler(controller),
    createPartitionsHandler(controller, mutations),
    electLeadersHandler(controller),
    incrementalAlterConfigsHandler(controller),
    alterPartitionReassignmentsHandler(controller),
    listPartitionReassignmentsHandler(controller),
    alterClientQuotasHandler(controller),
    alterUserScramCredentialsHandler(controller),
    describeQuorumHandler(controller),
    updateFeaturesHandler(controller),
    unregisterBrokerHandler(controller),
  ]
}
