import type { Controller } from '../../controller/controller.ts'
import { brokerHeartbeat } from '../../protocol/messages/63-broker-heartbeat.ts'
import { controllerHandler } from '../controller-handler.ts'

/* On the controller port. Versions 0-2. Offline and cordoned log directories are not looked at: a broker has one. */
export const brokerHeartbeatHandler = (controller: Controller) =>
  controllerHandler(
    brokerHeartbeat,
    (request, context) => controller.heartbeat(request, context.connectionId),
    (error) => ({ throttleTimeMs: 0, errorCode: error.code, isCaughtUp: false, isFenced: true, shouldShutDown: false }),
  )
