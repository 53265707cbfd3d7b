import { keepPreviousData, type UseQueryOptions } from '@tanstack/react-query'
import type { AlertRule, IncidentsList, WebhookChannel } from '../contract/alert.ts'
import type { BrokerConfigs, BrokerDetail, BrokersList } from '../contract/broker.ts'
import type { ChangesList } from '../contract/change.ts'
import type { Overview } from '../contract/cluster.ts'
import type { GroupDetail, GroupsList } from '../contract/group.ts'
import type { RecordsPage } from '../contract/record.ts'
import type { SeriesAnswer, SeriesColumn, SeriesKind } from '../contract/series.ts'
import type { TopicConfigs, TopicDefaults, TopicDeletionPreview, TopicDetail, TopicsList } from '../contract/topic.ts'
import type { ApiProblem } from './api-problem.ts'
import { joinPath, type ResourceKey, type Search } from './resource-key.ts'
import { formatTimeRange, refreshIntervalMs, type TimeRange } from './time-range.ts'

/** One resource of the API as a query. What it reads follows from its key (see `createQueryClient`). */
export type ResourceQuery<T> = UseQueryOptions<T, ApiProblem, T, ResourceKey> & { queryKey: ResourceKey }

export const overviewQuery = (cluster: string): ResourceQuery<Overview> => ({
  queryKey: [joinPath('clusters', cluster, 'overview')],
})

export const topicsQuery = (cluster: string): ResourceQuery<TopicsList> => ({
  queryKey: [joinPath('clusters', cluster, 'topics')],
})

export const topicQuery = (cluster: string, topic: string): ResourceQuery<TopicDetail> => ({
  queryKey: [joinPath('clusters', cluster, 'topics', topic)],
})

export const topicConfigsQuery = (cluster: string, topic: string): ResourceQuery<TopicConfigs> => ({
  queryKey: [joinPath('clusters', cluster, 'topics', topic, 'configs')],
})

export const topicDefaultsQuery = (cluster: string): ResourceQuery<TopicDefaults> => ({
  queryKey: [joinPath('clusters', cluster, 'topic-defaults')],
  staleTime: 60_000,
})

export const topicDeletionPreviewQuery = (cluster: string, topic: string): ResourceQuery<TopicDeletionPreview> => ({
  queryKey: [joinPath('clusters', cluster, 'topics', topic, 'deletion-preview')],
  staleTime: 0,
})

export const recordsQuery = (cluster: string, topic: string, search: Search): ResourceQuery<RecordsPage> => ({
  queryKey: [joinPath('clusters', cluster, 'topics', topic, 'records'), search],
  staleTime: Number.POSITIVE_INFINITY,
  placeholderData: keepPreviousData,
})

export const groupsQuery = (cluster: string): ResourceQuery<GroupsList> => ({
  queryKey: [joinPath('clusters', cluster, 'groups')],
})

export const groupQuery = (cluster: string, group: string): ResourceQuery<GroupDetail> => ({
  queryKey: [joinPath('clusters', cluster, 'groups', group)],
})

export const brokersQuery = (cluster: string): ResourceQuery<BrokersList> => ({
  queryKey: [joinPath('clusters', cluster, 'brokers')],
})

export const brokerQuery = (cluster: string, broker: string): ResourceQuery<BrokerDetail> => ({
  queryKey: [joinPath('clusters', cluster, 'brokers', broker)],
})

export const brokerConfigsQuery = (cluster: string, broker: string): ResourceQuery<BrokerConfigs> => ({
  queryKey: [joinPath('clusters', cluster, 'brokers', broker, 'configs')],
})

export const incidentsQuery = (cluster: string): ResourceQuery<IncidentsList> => ({
  queryKey: [joinPath('clusters', cluster, 'alerts')],
})

export const alertRulesQuery = (): ResourceQuery<{ rules: AlertRule[] }> => ({ queryKey: ['alert-rules'] })

export const channelsQuery = (): ResourceQuery<{ channels: WebhookChannel[] }> => ({
  queryKey: ['channels'],
  refetchInterval: 10_000,
})

export const changesQuery = (cluster: string): ResourceQuery<ChangesList> => ({
  queryKey: [joinPath('clusters', cluster, 'changes')],
  refetchInterval: 10_000,
})

export interface SeriesSelection<K extends SeriesKind = SeriesKind> {
  cluster: string
  kind: K
  /** Parts are percent-encoded and joined by a slash; empty for the cluster. */
  subject: string
  column: SeriesColumn<K>
  range: TimeRange
  maxPoints: number
}

export function seriesQuery<K extends SeriesKind>(selection: SeriesSelection<K>): ResourceQuery<SeriesAnswer> {
  const { cluster, kind, subject, column, range, maxPoints } = selection
  return {
    queryKey: [
      joinPath('clusters', cluster, 'series'),
      { kind, subject, column, range: formatTimeRange(range), maxPoints },
    ],
    staleTime: 10_000,
    refetchInterval: refreshIntervalMs(range),
    placeholderData: keepPreviousData,
  }
}
