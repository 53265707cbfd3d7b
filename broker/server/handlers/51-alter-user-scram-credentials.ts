import type { Controller } from '../../controller/controller.ts'
import { errorCodes } from '../../protocol/errors.ts'
import { alterUserScramCredentials } from '../../protocol/messages/51-alter-user-scram-credentials.ts'
import { controllerHandler } from '../controller-handler.ts'

/* On the controller port. Version 0. Answers when all active brokers know of the credentials. */
export const alterUserScramCredentialsHandler = (controller: Controller) =>
  controllerHandler(alterUserScramCredentials, async (request, { access }) => {
    if (access.allowsOnCluster('alter')) return controller.alterScramCredentials(request)
    const users = new Set([...request.deletions, ...request.upsertions].map(({ name }) => name))
    const errorCode = errorCodes.CLUSTER_AUTHORIZATION_FAILED
    return { throttleTimeMs: 0, results: [...users].map((user) => ({ user, errorCode, errorMessage: null })) }
  })
