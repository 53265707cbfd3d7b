import type { Controller } from '../../controller/controller.ts'
import { errorCodes } from '../../protocol/errors.ts'
import { createAcls } from '../../protocol/messages/30-create-acls.ts'
import { isKnownEntry } from '../../security/acl-filter.ts'
import { controllerHandler } from '../controller-handler.ts'
import { CloseConnection } from '../handler.ts'
import { securityDisabled } from '../security-disabled.ts'

/* On the controller port. Versions 1-3. Answers when all active brokers know of the ACLs. */
export const createAclsHandler = (controller: Controller, hasAuthorizer: boolean) =>
  controllerHandler(createAcls, async (request, { access }) => {
    const areKnown = request.creations.every(({ resourcePatternType: patternType, ...creation }) => {
      return isKnownEntry({ ...creation, patternType })
    })
    if (!areKnown) throw new CloseConnection('An ACL holds codes that do not exist')
    const refusal = { errorCode: errorCodes.CLUSTER_AUTHORIZATION_FAILED, errorMessage: null }
    const refuse = (result: { errorCode: number; errorMessage: string | null }) => {
      return { throttleTimeMs: 0, results: request.creations.map(() => result) }
    }
    if (!access.allowsOnCluster('alter')) return refuse(refusal)
    return hasAuthorizer ? controller.createAcls(request) : refuse(securityDisabled)
  })
