import type { Controller } from '../../controller/controller.ts'
import { errorCodes, KafkaError } from '../../protocol/errors.ts'
import { type DeletableTopicResultBody, deleteTopics } from '../../protocol/messages/20-delete-topics.ts'
import { zeroUuid } from '../../protocol/schema.ts'
import { controllerHandler } from '../controller-handler.ts'
import type { MutationQuotas } from '../quota/mutation-quotas.ts'

/* On the controller port. Versions 1-6. Answers when all active brokers know of it. */
const firstStrictVersion = 5

export const deleteTopicsHandler = (controller: Controller, mutations: Pick<MutationQuotas, 'allowanceOf'>) =>
  controllerHandler(deleteTopics, async (request, context) => {
    const { apiVersion, access } = context
    const allowance = mutations.allowanceOf(context, firstStrictVersion)
    const { topics: byName, topicsById } = controller.image
    const responses: DeletableTopicResultBody[] = []
    const isWithinQuota = (known: string, name: string | null, topicId: string) => {
      try {
        allowance.take(byName.get(known)?.partitions.length ?? 0)
        return true
      } catch (error) {
        if (!(error instanceof KafkaError)) throw error
        responses.push({ name, topicId, errorCode: error.code, errorMessage: error.message })
        return false
      }
    }
    const mayDelete = (name: string | null, topicId: string) => {
      const known = name ?? topicsById.get(topicId)?.name
      if (known === undefined) return true
      const mayKnow = access.allows('describe', 'topic', known)
      if (mayKnow && !byName.has(known)) return true
      if (access.allows('delete', 'topic', known)) return isWithinQuota(known, name, topicId)
      // The name behind an id is told to nobody who may not know it.
      const shown = mayKnow ? known : name
      const error = { errorCode: errorCodes.TOPIC_AUTHORIZATION_FAILED, errorMessage: null }
      responses.push({ name: shown, topicId: name === null ? topicId : zeroUuid, ...error })
      return false
    }
    const topicNames = request.topicNames.filter((name) => mayDelete(name, zeroUuid))
    const topics = request.topics.filter(({ name, topicId }) => mayDelete(name, topicId))
    const answer = await controller.deleteTopics({ ...request, topicNames, topics }, apiVersion)
    return { throttleTimeMs: allowance.throttleMs(), responses: [...answer.responses, ...responses] }
  })
