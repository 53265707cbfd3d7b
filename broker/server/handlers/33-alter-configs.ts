import type { Controller } from '../../controller/controller.ts'
import { alterConfigs } from '../../protocol/messages/33-alter-configs.ts'
import { allowedResources } from '../config-access.ts'
import { controllerHandler } from '../controller-handler.ts'

/* On the controller port. Versions 0-2, for topics and brokers. Differs from Apache Kafka as 44-incremental-alter-configs does. */
export const alterConfigsHandler = (controller: Controller) =>
  controllerHandler(alterConfigs, async (request, { access }) => {
    const { allowed, refusals } = allowedResources(request.resources, access)
    const answer = await controller.alterConfigs({ ...request, resources: allowed })
    return { ...answer, responses: [...answer.responses, ...refusals] }
  })
