import type { Controller } from '../../controller/controller.ts'
import { unregisterBroker } from '../../protocol/messages/64-unregister-broker.ts'
import { controllerHandler } from '../controller-handler.ts'

/* On the controller port. Version 0. As in Kafka, replicas of the broker that is forgotten stay assigned to it. */
export const unregisterBrokerHandler = (controller: Controller) =>
  controllerHandler(
    unregisterBroker,
    async (request, { access }) => {
      access.requireOnCluster('alter')
      return controller.unregisterBroker(request)
    },
    (error) => ({ throttleTimeMs: 0, errorCode: error.code, errorMessage: error.message }),
  )
