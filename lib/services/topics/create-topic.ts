import type { CreatedTopic, CreateTopicInput } from '../../contract/topic.ts'
import { findTopicNameFault } from '../../domain/topic-name.ts'
import { KafkaError } from '../../kafka/kafka-error.ts'
import { type Acting, withAudit } from '../acting.ts'
import { adminConnection, awaitRound, requireSnapshot } from '../cluster-handle.ts'
import { refusal, withRefusals } from '../kafka-refusal.ts'
import { requireRole } from '../require-role.ts'
import { ServiceError } from '../service-error.ts'
import { fieldOfRefusal, sentenceOfNameFault } from './check-topic.ts'
import { createAtCluster } from './create-at-cluster.ts'

/** Creates it and waits until a round has seen it. Fields that are wrong are named by the form's paths. */
export async function createTopic(acting: Acting, input: CreateTopicInput): Promise<CreatedTopic> {
  const { user, cluster } = acting
  requireRole(user, 'operator')
  const fault = findTopicNameFault(input.name, requireSnapshot(cluster).topics.keys())
  if (fault !== undefined) {
    const message = sentenceOfNameFault(fault)
    const code = fault.code === 'taken' || fault.code === 'collides' ? 'conflict' : 'invalid_request'
    throw new ServiceError(code, message, { fields: [{ path: 'name', message }] })
  }
  cluster.monitor.claimChange('topicCreated', input.name, user.email)
  const act = { action: 'createTopic', subject: input.name, before: null, after: input }
  const created = await withAudit(acting, act, () =>
    withRefusals(async () => {
      try {
        return await createAtCluster(adminConnection(cluster), input, false)
      } catch (error) {
        if (error instanceof KafkaError) throw refusal(error, [fieldOfRefusal(error, input)])
        throw error
      }
    }),
  )
  await awaitRound(cluster)
  const { topicId, partitions, replicationFactor } = created
  return { name: input.name, topicId, partitions, replicationFactor }
}
