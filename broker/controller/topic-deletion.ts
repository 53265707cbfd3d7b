import type { MetadataRecordBody } from '../metadata/records.ts'
import type { TopicImage } from '../metadata/topic-image.ts'
import { errorCodes, KafkaError } from '../protocol/errors.ts'
import type {
  DeletableTopicResultBody,
  DeleteTopicsRequest,
  DeleteTopicsResponseBody,
} from '../protocol/messages/20-delete-topics.ts'
import { zeroUuid } from '../protocol/schema.ts'
import type { ControllerState, Decision } from './controller-state.ts'

interface RequestedTopic {
  readonly name: string | null
  readonly topicId: string
}

/** By name, or from version 6 on by id. The configs of a topic go with it. */
export function deleteTopics(
  state: ControllerState,
  request: DeleteTopicsRequest,
  apiVersion: number,
): Decision<DeleteTopicsResponseBody> {
  const byName = request.topicNames.map((name) => ({ name, topicId: zeroUuid }))
  const requested: readonly RequestedTopic[] = apiVersion < 6 ? byName : request.topics
  const records: MetadataRecordBody[] = []
  const responses: DeletableTopicResultBody[] = []
  for (const one of withoutRepetition(requested)) {
    try {
      requireDeletion(state, apiVersion)
      const topic = requireTopic(state, one, requested)
      records.push({ type: 'RemoveTopicRecord', topicId: topic.id })
      responses.push({ name: topic.name, topicId: topic.id, errorCode: errorCodes.NONE, errorMessage: null })
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error
      responses.push({ ...one, errorCode: error.code, errorMessage: error.message })
    }
  }
  return { records, response: { throttleTimeMs: 0, responses } }
}

function requireDeletion(state: ControllerState, apiVersion: number): void {
  if (state.settings.deleteTopicEnable) return
  throw new KafkaError(
    apiVersion < 3 ? errorCodes.INVALID_REQUEST : errorCodes.TOPIC_DELETION_DISABLED,
    'Topic deletion is disabled.',
  )
}

/** A topic that is asked for twice is answered once, with an error. */
function withoutRepetition(requested: readonly RequestedTopic[]): RequestedTopic[] {
  return requested.filter((one, i) => requested.findIndex((other) => isSame(other, one)) === i)
}

function isSame(a: RequestedTopic, b: RequestedTopic): boolean {
  return a.name === b.name && a.topicId === b.topicId
}

function requireTopic(state: ControllerState, one: RequestedTopic, requested: readonly RequestedTopic[]): TopicImage {
  const { name, topicId } = one
  const hasId = topicId !== zeroUuid
  if (name === null && !hasId) {
    throw new KafkaError(errorCodes.INVALID_REQUEST, 'Neither topic name nor id were specified.')
  }
  if (name !== null && hasId) {
    throw new KafkaError(errorCodes.INVALID_REQUEST, 'You may not specify both topic name and topic id.')
  }
  const topic = name === null ? state.image.topicsById.get(topicId) : state.image.topics.get(name)
  const isRepeated = requested.filter((other) => isSame(other, one)).length > 1
  if (isRepeated) throw new KafkaError(errorCodes.INVALID_REQUEST, `Duplicate topic ${hasId ? 'id' : 'name'}.`)
  if (topic === undefined) {
    throw hasId
      ? new KafkaError(errorCodes.UNKNOWN_TOPIC_ID, 'This server does not host this topic ID.')
      : new KafkaError(errorCodes.UNKNOWN_TOPIC_OR_PARTITION, 'This server does not host this topic-partition.')
  }
  const isNamedToo = hasId && requested.some((other) => other.name === topic.name)
  if (isNamedToo) {
    throw new KafkaError(errorCodes.INVALID_REQUEST, 'The provided topic name maps to an ID that was already supplied.')
  }
  return topic
}
