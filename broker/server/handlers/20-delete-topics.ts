import type { Controller } from '../../controller/controller.ts'
import { deleteTopics } from '../../protocol/messages/20-delete-topics.ts'
import { controllerHandler } from '../controller-handler.ts'

/* On the controller port. Versions 1-6. Answers when all active brokers know of it. There are no mutation quotas. */
export const deleteTopicsHandler = (controller: Controller) =>
  controllerHandler(deleteTopics, (request, context) => controller.deleteTopics(request, context.apiVersion))
