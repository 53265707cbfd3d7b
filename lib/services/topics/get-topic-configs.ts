import type { TopicConfigs } from '../../contract/topic.ts'
import { adminConnection, type ClusterHandle } from '../cluster-handle.ts'
import { withRefusals } from '../kafka-refusal.ts'
import { readTopicConfigs } from '../read-configs.ts'
import { requireTopic } from './require-topic.ts'

export async function getTopicConfigs(cluster: ClusterHandle, name: string): Promise<TopicConfigs> {
  requireTopic(cluster, name)
  return withRefusals(async () => {
    const configs = await readTopicConfigs(adminConnection(cluster), name)
    return { configs, asOfMs: Date.now() }
  })
}
