import type { Controller } from '../../controller/controller.ts'
import { createTopics } from '../../protocol/messages/19-create-topics.ts'
import { controllerHandler } from '../controller-handler.ts'

/*
 * On the controller port. Versions 2-7. Answers when all active brokers know the new topics, at most half a second later
 * than Apache Kafka, which answers when the records are committed. There are no policies and no mutation quotas.
 */
export const createTopicsHandler = (controller: Controller) =>
  controllerHandler(createTopics, (request) => controller.createTopics(request))
