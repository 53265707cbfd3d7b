import type { Controller } from '../../controller/controller.ts'
import { errorCodes } from '../../protocol/errors.ts'
import { brokerRegistration } from '../../protocol/messages/62-broker-registration.ts'
import { controllerHandler } from '../controller-handler.ts'

/*
 * On the controller port. Versions 0-4. All brokers of a cluster run the same release, so features are not compared. An
 * id is free again as soon as its process's connection has closed, not only when its session has expired.
 */
export const brokerRegistrationHandler = (controller: Controller) =>
  controllerHandler(
    brokerRegistration,
    async (request, context) => {
      const { brokerEpoch } = await controller.registerBroker(request, context.connectionId)
      return { throttleTimeMs: 0, errorCode: errorCodes.NONE, brokerEpoch }
    },
    (error) => ({ throttleTimeMs: 0, errorCode: error.code, brokerEpoch: -1 }),
  )
