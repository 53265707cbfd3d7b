import type { Controller } from '../../controller/controller.ts'
import { type ErrorCode, errorCodes } from '../../protocol/errors.ts'
import {
  type CreatableTopic,
  type CreatableTopicResultBody,
  createTopics,
} from '../../protocol/messages/19-create-topics.ts'
import { zeroUuid } from '../../protocol/schema.ts'
import { controllerHandler } from '../controller-handler.ts'
import { type MutationQuotas, withinAllowance } from '../quota/mutation-quotas.ts'

/*
 * On the controller port. Versions 2-7. Answers when all active brokers know the new topics, at most half a second later
 * than Apache Kafka, which answers when the records are committed. There are no policies.
 */
/** From then on a client knows THROTTLING_QUOTA_EXCEEDED. */
const firstStrictVersion = 6

export const createTopicsHandler = (controller: Controller, mutations: Pick<MutationQuotas, 'allowanceOf'>) =>
  controllerHandler(createTopics, async (request, context) => {
    const { access } = context
    const mayCreateAny = access.allowsOnCluster('create')
    const mayCreate = ({ name }: { name: string }) => mayCreateAny || access.allows('create', 'topic', name)
    const allowance = mutations.allowanceOf(context, firstStrictVersion)
    const count = (topic: CreatableTopic) => newPartitions(topic, controller.settings.numPartitions)
    const { allowed, refused: exceeding } = withinAllowance(request.topics.filter(mayCreate), allowance, count)
    const refused = request.topics.filter((topic) => !mayCreate(topic))
    const answer = await controller.createTopics({ ...request, topics: allowed })
    const topics = answer.topics.map((topic) => {
      return access.allows('describeConfigs', 'topic', topic.name) ? topic : withoutConfigs(topic)
    })
    const refusals = [
      ...refused.map(({ name }) => refusal(name, errorCodes.TOPIC_AUTHORIZATION_FAILED, 'Authorization failed.')),
      ...exceeding.map(({ item, error }) => refusal(item.name, error.code, error.message)),
    ]
    return { throttleTimeMs: allowance.throttleMs(), topics: [...topics, ...refusals] }
  })

function newPartitions({ assignments, numPartitions }: CreatableTopic, byDefault: number): number {
  if (assignments.length > 0) return assignments.length
  return numPartitions === -1 ? byDefault : Math.max(numPartitions, 0)
}

function refusal(name: string, errorCode: ErrorCode, errorMessage: string): CreatableTopicResultBody {
  return {
    name,
    topicId: zeroUuid,
    errorCode,
    errorMessage,
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
