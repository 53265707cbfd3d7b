import type { MetadataImage } from '../metadata/image.ts'
import type { TopicImage } from '../metadata/topic-image.ts'
import { errorCodes } from '../protocol/errors.ts'
import type {
  ListPartitionReassignmentsRequest,
  ListPartitionReassignmentsResponseBody,
  OngoingTopicReassignmentBody,
} from '../protocol/messages/46-list-partition-reassignments.ts'

/** The partitions that are being moved, among those asked for. Unknown ones are left out, as in Kafka. */
export function listPartitionReassignments(
  image: MetadataImage,
  request: ListPartitionReassignmentsRequest,
): ListPartitionReassignmentsResponseBody {
  const all = () => [...image.topics.values()].map((topic) => reassignmentsOf(topic, topic.partitions.keys()))
  const topics = request.topics?.map(({ name, partitionIndexes }) => {
    const topic = image.topics.get(name)
    return topic === undefined ? { name, partitions: [] } : reassignmentsOf(topic, partitionIndexes)
  })
  return {
    throttleTimeMs: 0,
    errorCode: errorCodes.NONE,
    errorMessage: null,
    topics: (topics ?? all()).filter(({ partitions }) => partitions.length > 0),
  }
}

function reassignmentsOf(topic: TopicImage, partitionIndexes: Iterable<number>): OngoingTopicReassignmentBody {
  const partitions = []
  for (const partitionIndex of partitionIndexes) {
    const partition = topic.partitions[partitionIndex]
    if (partition === undefined) continue
    const { replicas, addingReplicas, removingReplicas } = partition
    if (addingReplicas.length + removingReplicas.length === 0) continue
    partitions.push({ partitionIndex, replicas, addingReplicas, removingReplicas })
  }
  return { name: topic.name, partitions }
}
