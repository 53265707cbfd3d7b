import type { ClusterConnection } from '../../kafka/cluster-connection.ts'
import { configResourceType, describeConfigs } from '../../kafka/operations/describe-configs.ts'
import type { ClusterState, TopicTrack } from './cluster-state.ts'
import { failureOf, PartOutcome } from './failure.ts'

const topicsPerRequest = 500
const keys = ['min.insync.replicas', 'cleanup.policy', 'retention.ms'] as const

/** The topic configs that rules need, of all topics or only of those not read yet. */
export async function collectConfigs(
  connection: ClusterConnection,
  state: ClusterState,
  options: { nowMs: () => number; isOnlyUnknown: boolean },
): Promise<void> {
  const outcome = new PartOutcome()
  const wanted = [...state.topics.values()].filter(({ hasConfigs }) => !options.isOnlyUnknown || !hasConfigs)
  for (let i = 0; i < wanted.length; i += topicsPerRequest) {
    const topics = wanted.slice(i, i + topicsPerRequest)
    try {
      const { results } = await connection.sendToAny(describeConfigs, {
        resources: topics.map(({ name }) => ({ type: configResourceType.topic, name, keys })),
        withDetails: false,
      })
      outcome.succeed()
      for (const { resourceName, errorCode, configs } of results) {
        const topic = state.topics.get(resourceName)
        if (errorCode !== 0) outcome.failItem(errorCode)
        else if (topic !== undefined) applyConfigs(topic, new Map(configs.map(({ name, value }) => [name, value])))
      }
    } catch (error) {
      outcome.fail(failureOf(error))
    }
  }
  if (!options.isOnlyUnknown || outcome.hasFailed) outcome.report(state.parts, 'configs', options.nowMs())
}

function applyConfigs(topic: TopicTrack, configs: ReadonlyMap<string, string | null | undefined>): void {
  topic.hasConfigs = true
  topic.minInSyncReplicas = numberOf(configs.get('min.insync.replicas'))
  topic.cleanupPolicy = configs.get('cleanup.policy') ?? null
  topic.retentionMs = numberOf(configs.get('retention.ms'))
}

function numberOf(value: string | null | undefined): number | null {
  const number = Number(value ?? Number.NaN)
  return Number.isNaN(number) ? null : number
}
