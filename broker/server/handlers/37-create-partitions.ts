import type { Controller } from '../../controller/controller.ts'
import { errorCodes } from '../../protocol/errors.ts'
import { createPartitions } from '../../protocol/messages/37-create-partitions.ts'
import { controllerHandler } from '../controller-handler.ts'
import { type MutationQuotas, withinAllowance } from '../quota/mutation-quotas.ts'

/* On the controller port. Versions 0-3. Answers when all active brokers know of them. */
const firstStrictVersion = 3

export const createPartitionsHandler = (controller: Controller, mutations: Pick<MutationQuotas, 'allowanceOf'>) =>
  controllerHandler(createPartitions, async (request, context) => {
    const { access } = context
    const allowance = mutations.allowanceOf(context, firstStrictVersion)
    const added = ({ name, count }: { name: string; count: number }) =>
      Math.max(count - (controller.image.topics.get(name)?.partitions.length ?? count), 0)
    const mayAlter = ({ name }: { name: string }) => access.allows('alter', 'topic', name)
    const error = { errorCode: errorCodes.TOPIC_AUTHORIZATION_FAILED, errorMessage: null }
    const refusals = request.topics.filter((topic) => !mayAlter(topic)).map(({ name }) => ({ name, ...error }))
    const { allowed, refused } = withinAllowance(request.topics.filter(mayAlter), allowance, added)
    const exceeding = refused.map(({ item: { name }, error }) => {
      return { name, errorCode: error.code, errorMessage: error.message }
    })
    const answer = await controller.createPartitions({ ...request, topics: allowed })
    return { throttleTimeMs: allowance.throttleMs(), results: [...answer.results, ...refusals, ...exceeding] }
  })
