import type { Controller } from '../../controller/controller.ts'
import { alterPartitionReassignments } from '../../protocol/messages/45-alter-partition-reassignments.ts'
import { controllerHandler } from '../controller-handler.ts'

/* On the controller port. Versions 0-1. */
export const alterPartitionReassignmentsHandler = (controller: Controller) =>
  controllerHandler(
    alterPartitionReassignments,
    async (request, { access }) => {
      access.requireOnCluster('alter')
      return controller.alterPartitionReassignments(request)
    },
    ({ code: errorCode, message: errorMessage }, { topics }) => ({
      throttleTimeMs: 0,
      errorCode,
      errorMessage,
      responses: topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode, errorMessage })),
      })),
    }),
  )
