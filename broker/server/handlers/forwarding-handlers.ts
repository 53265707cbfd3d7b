import { ConnectionLost } from '../../network/connection.ts'
import type { ControllerChannel } from '../../network/controller-channel.ts'
import { ForwardingRefused } from '../../network/envelope.ts'
import { createTopics } from '../../protocol/messages/19-create-topics.ts'
import { deleteTopics } from '../../protocol/messages/20-delete-topics.ts'
import { createAcls } from '../../protocol/messages/30-create-acls.ts'
import { deleteAcls } from '../../protocol/messages/31-delete-acls.ts'
import { alterConfigs } from '../../protocol/messages/33-alter-configs.ts'
import { createPartitions } from '../../protocol/messages/37-create-partitions.ts'
import { electLeaders } from '../../protocol/messages/43-elect-leaders.ts'
import { incrementalAlterConfigs } from '../../protocol/messages/44-incremental-alter-configs.ts'
import { alterPartitionReassignments } from '../../protocol/messages/45-alter-partition-reassignments.ts'
import { listPartitionReassignments } from '../../protocol/messages/46-list-partition-reassignments.ts'
import { alterClientQuotas } from '../../protocol/messages/49-alter-client-quotas.ts'
import { alterUserScramCredentials } from '../../protocol/messages/51-alter-user-scram-credentials.ts'
import { describeQuorum } from '../../protocol/messages/55-describe-quorum.ts'
import { updateFeatures } from '../../protocol/messages/57-update-features.ts'
import { unregisterBroker } from '../../protocol/messages/64-unregister-broker.ts'
import type { Api, RequestBodyOf, RequestOf, ResponseBodyOf, ResponseOf } from '../../protocol/schema.ts'
import { CloseConnection, type Handler, handler } from '../handler.ts'

/*
 * What clients may ask any broker and only the controller can do. The request is sent on in an Envelope with the client's
 * principal, by which the controller decides.
 */
export function forwardingHandlers(channel: ControllerChannel): Handler[] {
  return [
    forwardingHandler(createTopics, channel),
    forwardingHandler(deleteTopics, channel),
    forwardingHandler(alterConfigs, channel),
    forwardingHandler(createPartitions, channel),
    forwardingHandler(electLeaders, channel),
    forwardingHandler(incrementalAlterConfigs, channel),
    forwardingHandler(alterPartitionReassignments, channel),
    forwardingHandler(listPartitionReassignments, channel),
    forwardingHandler(createAcls, channel),
    forwardingHandler(deleteAcls, channel),
    forwardingHandler(alterClientQuotas, channel),
    forwardingHandler(alterUserScramCredentials, channel),
    forwardingHandler(describeQuorum, channel),
    forwardingHandler(updateFeatures, channel),
    forwardingHandler(unregisterBroker, channel),
  ]
}

/** With no controller in sight the connection ends, which clients take as a reason to ask another broker. */
function forwardingHandler<A extends Api>(api: A, channel: ControllerChannel): Handler {
  return handler(api, async (request, context) => {
    try {
      return trustBody<A>(await channel.forward(api, context.apiVersion, trustRequest<A>(request), context))
    } catch (error) {
      if (!(error instanceof ConnectionLost) && !(error instanceof ForwardingRefused)) throw error
      throw new CloseConnection('No controller answered', { cause: error })
    }
  })
}

/** What was decoded can be encoded as it is: see schema.ts. */
function trustRequest<A extends Api>(request: RequestOf<A>): RequestBodyOf<A> {
  return request as RequestBodyOf<A>
}

/** What was decoded can be encoded as it is: see schema.ts. */
function trustBody<A extends Api>(response: ResponseOf<A>): ResponseBodyOf<A> {
  return response as ResponseBodyOf<A>
}
