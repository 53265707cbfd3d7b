import type { Controller } from '../../controller/controller.ts'
import { incrementalAlterConfigs } from '../../protocol/messages/44-incremental-alter-configs.ts'
import { allowedResources } from '../config-access.ts'
import { controllerHandler } from '../controller-handler.ts'

/*
 * On the controller port. Versions 0-1, for topics and brokers. Broker loggers, client metrics and groups, which Apache
 * Kafka also has configs for, are refused as INVALID_REQUEST.
 */
export const incrementalAlterConfigsHandler = (controller: Controller) =>
  controllerHandler(incrementalAlterConfigs, async (request, { access }) => {
    const { allowed, refusals } = allowedResources(request.resources, access)
    const answer = await controller.incrementalAlterConfigs({ ...request, resources: allowed })
    return { ...answer, responses: [...answer.responses, ...refusals] }
  })
