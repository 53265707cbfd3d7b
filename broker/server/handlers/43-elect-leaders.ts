import type { Controller } from '../../controller/controller.ts'
import { electLeaders } from '../../protocol/messages/43-elect-leaders.ts'
import { controllerHandler } from '../controller-handler.ts'

/* On the controller port. Versions 0-2. Answers when all active brokers know the new leaders. */
export const electLeadersHandler = (controller: Controller) =>
  controllerHandler(
    electLeaders,
    (request) => controller.electLeaders(request),
    (error) => ({ throttleTimeMs: 0, errorCode: error.code, replicaElectionResults: [] }),
  )
