import type { Controller } from '../../controller/controller.ts'
import { listPartitionReassignments } from '../../protocol/messages/46-list-partition-reassignments.ts'
import { controllerHandler } from '../controller-handler.ts'

/* On the controller port. Version 0. */
export const listPartitionReassignmentsHandler = (controller: Controller) =>
  controllerHandler(
    listPartitionReassignments,
    async (request, { access }) => {
      access.requireOnCluster('describe')
      return controller.listPartitionReassignments(request)
    },
    (error) => ({ throttleTimeMs: 0, errorCode: error.code, errorMessage: error.message, topics: [] }),
  )
