import type { Controller } from '../../controller/controller.ts'
import { createPartitions } from '../../protocol/messages/37-create-partitions.ts'
import { controllerHandler } from '../controller-handler.ts'

/* On the controller port. Versions 0-3. Answers when all active brokers know of them. There are no mutation quotas. */
export const createPartitionsHandler = (controller: Controller) =>
  controllerHandler(createPartitions, (request) => controller.createPartitions(request))
