import type { Controller } from '../../controller/controller.ts'
import { allocateProducerIds } from '../../protocol/messages/67-allocate-producer-ids.ts'
import { controllerHandler } from '../controller-handler.ts'

/* On the controller port. Version 0. */
export const allocateProducerIdsHandler = (controller: Controller) =>
  controllerHandler(
    allocateProducerIds,
    (request) => controller.allocateProducerIds(request),
    (error) => ({ throttleTimeMs: 0, errorCode: error.code, producerIdStart: 0, producerIdLen: 0 }),
  )
