import type { Controller } from '../../controller/controller.ts'
import { errorCodes } from '../../protocol/errors.ts'
import { type DeletableTopicResultBody, deleteTopics } from '../../protocol/messages/20-delete-topics.ts'
import { zeroUuid } from '../../protocol/schema.ts'
import { controllerHandler } from '../controller-handler.ts'

/* On the controller port. Versions 1-6. Answers when all active brokers know of it. There are no mutation quotas. */
export const deleteTopicsHandler = (controller: Controller) =>
  controllerHandler(deleteTopics, async (request, { apiVersion, access }) => {
    const { topicsById } = controller.image
    const responses: DeletableTopicResultBody[] = []
    const mayDelete = (name: string | null, topicId: string) => {
      const known = name ?? topicsById.get(topicId)?.name
      if (known === undefined || access.allows('delete', 'topic', known)) return true
      // The name behind an id is told to nobody who may not know it.
      const shown = access.allows('describe', 'topic', known) ? known : name
      const error = { errorCode: errorCodes.TOPIC_AUTHORIZATION_FAILED, errorMessage: null }
      responses.push({ name: shown, topicId: name === null ? topicId : zeroUuid, ...error })
      return false
    }
    const topicNames = request.topicNames.filter((name) => mayDelete(name, zeroUuid))
    const topics = request.topics.filter(({ name, topicId }) => mayDelete(name, topicId))
    const answer = await controller.deleteTopics({ ...request, topicNames, topics }, apiVersion)
    return { ...answer, responses: [...answer.responses, ...responses] }
  })
