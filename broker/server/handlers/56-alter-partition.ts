import type { Controller } from '../../controller/controller.ts'
import { alterPartition } from '../../protocol/messages/56-alter-partition.ts'
import { controllerHandler } from '../controller-handler.ts'

/* On the controller port. Versions 2-3. */
export const alterPartitionHandler = (controller: Controller) =>
  controllerHandler(
    alterPartition,
    (request) => controller.alterPartition(request),
    (error) => ({ throttleTimeMs: 0, errorCode: error.code, topics: [] }),
  )
