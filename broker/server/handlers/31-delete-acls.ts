import type { Controller } from '../../controller/controller.ts'
import { errorCodes } from '../../protocol/errors.ts'
import { deleteAcls } from '../../protocol/messages/31-delete-acls.ts'
import { isKnownEntry } from '../../security/acl-filter.ts'
import { controllerHandler } from '../controller-handler.ts'
import { CloseConnection } from '../handler.ts'
import { securityDisabled } from '../security-disabled.ts'

/* On the controller port. Versions 1-3. Answers when all active brokers have forgotten the ACLs. */
export const deleteAclsHandler = (controller: Controller, hasAuthorizer: boolean) =>
  controllerHandler(deleteAcls, async (request, { access }) => {
    const areKnown = request.filters.every(({ resourceTypeFilter, patternTypeFilter, ...filter }) => {
      return isKnownEntry({ ...filter, resourceType: resourceTypeFilter, patternType: patternTypeFilter })
    })
    if (!areKnown) throw new CloseConnection('A filter holds codes that do not exist')
    const refuse = (result: { errorCode: number; errorMessage: string | null }) => {
      return { throttleTimeMs: 0, filterResults: request.filters.map(() => ({ ...result, matchingAcls: [] })) }
    }
    if (!access.allowsOnCluster('alter')) {
      return refuse({ errorCode: errorCodes.CLUSTER_AUTHORIZATION_FAILED, errorMessage: null })
    }
    return hasAuthorizer ? controller.deleteAcls(request) : refuse(securityDisabled)
  })
