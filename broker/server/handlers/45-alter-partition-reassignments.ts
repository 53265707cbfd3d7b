import type { Controller } from '../../controller/controller.ts'
import { alterPartitionReassignments } from '../../protocol/messages/45-alter-partition-reassignments.ts'
import { controllerHandler } from '../controller-handler.ts'

/* On the controller port. Versions 0-1. */
export const alterPartitionReassignmentsHandler = (controller: Controller) =>
  controllerHandler(alterPartitionReassignments, (request) => controller.alterPartitionReassignments(request))
