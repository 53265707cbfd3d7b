import { decodePrincipal } from '../../network/envelope.ts'
import { errorCodes } from '../../protocol/errors.ts'
import { envelope } from '../../protocol/messages/58-envelope.ts'
import { ProtocolError } from '../../protocol/protocol-error.ts'
import { Access } from '../../security/access.ts'
import type { Authorizer } from '../../security/authorizer.ts'
import { NotController } from '../controller-handler.ts'
import type { Dispatcher } from '../dispatcher.ts'
import { CloseConnection, handler, type RequestContext } from '../handler.ts'

/*
 * On the controller port. Version 0. A client's request that a broker sends on, answered as if the client itself had sent
 * it. `forwarded` serves what clients may ask, and nothing that brokers alone may.
 */

const frameSizeBytes = 4

export const envelopeHandler = (forwarded: Dispatcher, authorizer: Authorizer) =>
  handler(envelope, async ({ requestData, requestPrincipal, clientHostAddress }, context) => {
    if (!context.access.allowsOnCluster('clusterAction')) return refused(errorCodes.CLUSTER_AUTHORIZATION_FAILED)
    if (requestPrincipal === null) return refused(errorCodes.PRINCIPAL_DESERIALIZATION_FAILURE)
    try {
      const client = { principal: decodePrincipal(requestPrincipal), host: clientHostAddress.toString('utf8') }
      const buffers = await forwarded.dispatch(requestData, identityOf(context, new Access(authorizer, client)))
      const frame = Buffer.concat(buffers ?? [])
      return { responseData: frame.subarray(frameSizeBytes), errorCode: errorCodes.NONE }
    } catch (error) {
      // Nothing of the broker's own may suffer for what one client sent; without a controller there is another to be found.
      const isClients =
        (error instanceof CloseConnection && !(error instanceof NotController)) || error instanceof ProtocolError
      if (!isClients) throw error
      return refused(errorCodes.INVALID_REQUEST)
    }
  })

function identityOf(context: RequestContext, access: Access) {
  const { connectionId: id, listenerName } = context
  return { id, listenerName, clientHost: access.client.host, access }
}

function refused(errorCode: number) {
  return { responseData: null, errorCode }
}
