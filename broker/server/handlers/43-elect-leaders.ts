import type { Controller } from '../../controller/controller.ts'
import { electLeaders } from '../../protocol/messages/43-elect-leaders.ts'
import { controllerHandler } from '../controller-handler.ts'

/* On the controller port. Versions 0-2. Answers when all active brokers know the new leaders. */
export const electLeadersHandler = (controller: Controller) =>
  controllerHandler(
    electLeaders,
    async (request, { access }) => {
      access.requireOnCluster('alter')
      return controller.electLeaders(request)
    },
    ({ code: errorCode, message: errorMessage }, { topicPartitions }) => ({
      throttleTimeMs: 0,
      errorCode,
      replicaElectionResults: (topicPartitions ?? []).map(({ topic, partitions }) => ({
        topic,
        partitionResult: partitions.map((partitionId) => ({ partitionId, errorCode, errorMessage })),
      })),
    }),
  )
