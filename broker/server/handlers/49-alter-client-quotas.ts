import type { Controller } from '../../controller/controller.ts'
import { errorCodes } from '../../protocol/errors.ts'
import { alterClientQuotas } from '../../protocol/messages/49-alter-client-quotas.ts'
import { controllerHandler } from '../controller-handler.ts'

/* On the controller port. Versions 0-1. Answers when all active brokers know of the quotas. */
export const alterClientQuotasHandler = (controller: Controller) =>
  controllerHandler(alterClientQuotas, async (request, { access }) => {
    if (access.allowsOnCluster('alterConfigs')) return controller.alterClientQuotas(request)
    const refusal = { errorCode: errorCodes.CLUSTER_AUTHORIZATION_FAILED, errorMessage: null }
    return { throttleTimeMs: 0, entries: request.entries.map(({ entity }) => ({ ...refusal, entity })) }
  })
