import type { TopicState } from '../../monitor/snapshot.ts'
import { type ClusterHandle, requireSnapshot } from '../cluster-handle.ts'
import { ServiceError } from '../service-error.ts'

export function requireTopic(cluster: ClusterHandle, name: string): TopicState {
  const topic = requireSnapshot(cluster).topics.get(name)
  if (topic === undefined) throw new ServiceError('not_found', `The cluster has no topic ${name}.`)
  return topic
}
