import type { Controller } from '../../controller/controller.ts'
import { brokerHeartbeat } from '../../protocol/messages/63-broker-heartbeat.ts'
import { controllerHandler } from '../controller-handler.ts'

/* On the controller port. Versions 0-2. A broker has one log directory: while that is offline it is fenced. Cordoned ones are not looked at. */
export const brokerHeartbeatHandler = (controller: Controller) =>
  controllerHandler(
    brokerHeartbeat,
    (request, context) => controller.heartbeat(request, context.connectionId),
    (error) => ({ throttleTimeMs: 0, errorCode: error.code, isCaughtUp: false, isFenced: true, shouldShutDown: false }),
  )
