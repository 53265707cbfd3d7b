import type { Controller } from '../../controller/controller.ts'
import { describeQuorum } from '../../protocol/messages/55-describe-quorum.ts'
import { controllerHandler } from '../controller-handler.ts'

/*
 * On the controller port. Versions 0-2. There is no quorum: the leader is the broker that holds the controller port, and
 * the voters are the brokers that may take it, each with how far it has followed the one log.
 */
export const describeQuorumHandler = (controller: Controller) =>
  controllerHandler(
    describeQuorum,
    async (request, { access }) => {
      access.requireOnCluster('describe')
      return controller.describeQuorum(request)
    },
    (error) => ({ errorCode: error.code, errorMessage: error.message, topics: [], nodes: [] }),
  )
