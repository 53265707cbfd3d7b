import { KafkaError } from '../../kafka/kafka-error.ts'
import { deleteTopics } from '../../kafka/operations/delete-topics.ts'
import { type Acting, withAudit } from '../acting.ts'
import { adminConnection, awaitRound } from '../cluster-handle.ts'
import { withRefusals } from '../kafka-refusal.ts'
import { requireRole } from '../require-role.ts'
import { ServiceError } from '../service-error.ts'
import { requireTopic } from './require-topic.ts'

const timeoutMs = 15_000

/** Deletes the topic whose name was typed, and waits until a round no longer sees it. */
export async function deleteTopic(acting: Acting, name: string, confirmName: string): Promise<void> {
  const { user, cluster } = acting
  requireRole(user, 'operator')
  if (confirmName !== name) {
    const message = `Write ${name} to delete it.`
    throw new ServiceError('invalid_request', message, { fields: [{ path: 'confirmName', message }] })
  }
  const topic = requireTopic(cluster, name)
  if (topic.isInternal)
    throw new ServiceError('conflict', `${name} belongs to the cluster itself and is not deleted here.`)
  const before = { partitions: topic.partitions.length, replicas: topic.partitions[0]?.replicas.length ?? 0 }
  cluster.monitor.claimChange('topicDeleted', name, user.email)
  await withAudit(acting, { action: 'deleteTopic', subject: name, before, after: null }, () =>
    withRefusals(async () => {
      const { responses } = await adminConnection(cluster).sendToAny(deleteTopics, { name, timeoutMs })
      const [response] = responses
      if (response !== undefined && response.errorCode !== 0) {
        throw new KafkaError(response.errorCode, response.errorMessage ?? null)
      }
    }),
  )
  await awaitRound(cluster)
}
