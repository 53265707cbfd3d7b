import type { Controller } from '../../controller/controller.ts'
import { errorCodes } from '../../protocol/errors.ts'
import { createPartitions } from '../../protocol/messages/37-create-partitions.ts'
import { controllerHandler } from '../controller-handler.ts'

/* On the controller port. Versions 0-3. Answers when all active brokers know of them. There are no mutation quotas. */
export const createPartitionsHandler = (controller: Controller) =>
  controllerHandler(createPartitions, async (request, { access }) => {
    const mayAlter = ({ name }: { name: string }) => access.allows('alter', 'topic', name)
    const error = { errorCode: errorCodes.TOPIC_AUTHORIZATION_FAILED, errorMessage: null }
    const refusals = request.topics.filter((topic) => !mayAlter(topic)).map(({ name }) => ({ name, ...error }))
    const answer = await controller.createPartitions({ ...request, topics: request.topics.filter(mayAlter) })
    return { ...answer, results: [...answer.results, ...refusals] }
  })
