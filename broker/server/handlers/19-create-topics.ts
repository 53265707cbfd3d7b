import type { Controller } from '../../controller/controller.ts'
import { errorCodes } from '../../protocol/errors.ts'
import { type CreatableTopicResultBody, createTopics } from '../../protocol/messages/19-create-topics.ts'
import { zeroUuid } from '../../protocol/schema.ts'
import { controllerHandler } from '../controller-handler.ts'

/*
 * On the controller port. Versions 2-7. Answers when all active brokers know the new topics, at most half a second later
 * than Apache Kafka, which answers when the records are committed. There are no policies and no mutation quotas.
 */
export const createTopicsHandler = (controller: Controller) =>
  controllerHandler(createTopics, async (request, { access }) => {
    const mayCreateAny = access.allowsOnCluster('create')
    const mayCreate = ({ name }: { name: string }) => mayCreateAny || access.allows('create', 'topic', name)
    const allowed = request.topics.filter(mayCreate)
    const refused = request.topics.filter((topic) => !mayCreate(topic))
    const answer = await controller.createTopics({ ...request, topics: allowed })
    const topics = answer.topics.map((topic) => {
      return access.allows('describeConfigs', 'topic', topic.name) ? topic : withoutConfigs(topic)
    })
    return { ...answer, topics: [...topics, ...refused.map(({ name }) => refusal(name))] }
  })

function refusal(name: string): CreatableTopicResultBody {
  return {
    name,
    topicId: zeroUuid,
    errorCode: errorCodes.TOPIC_AUTHORIZATION_FAILED,
    errorMessage: 'Authorization failed.',
    numPartitions: -1,
    replicationFactor: -1,
    configs: [],
  }
}

/** Whoever may create a topic need not be allowed to see how it turned out (KIP-525). */
function withoutConfigs(topic: CreatableTopicResultBody): CreatableTopicResultBody {
  if (topic.errorCode !== errorCodes.NONE) return topic
  const topicConfigErrorCode = errorCodes.TOPIC_AUTHORIZATION_FAILED
  return { ...topic, topicConfigErrorCode, numPartitions: -1, replicationFactor: -1, configs: [] }
}
