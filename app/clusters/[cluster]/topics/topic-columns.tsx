import type { TopicRow } from '../../../../lib/contract/topic.ts'
import type { Dictionary } from '../../../../lib/format/english.ts'
import { topicHref } from '../../../../lib/web/links.ts'
import { Figure } from '../../../components/figure/figure.tsx'
import { HealthState } from '../../../components/figure/health-state.tsx'
import type { Column } from '../../../components/table/column.ts'
import { NameLink } from '../../../components/text/name-link.tsx'

const urgency = { critical: 0, atRisk: 1, unknown: 2, ok: 3 }

export function topicColumns(cluster: string, words: Dictionary): Column<TopicRow>[] {
  const { topics, common } = words
  const noRate = common.unknownNoHistory
  return [
    {
      id: 'name',
      header: topics.name,
      width: 'minmax(180px, 3fr)',
      cell: (topic) => <NameLink name={topic.name} href={topicHref(cluster, topic.name)} />,
      sortBy: (topic) => topic.name,
      narrow: 'lead',
    },
    {
      id: 'state',
      header: topics.state,
      width: 'minmax(130px, 1fr)',
      cell: (topic) => <HealthState health={topic.health}>{stateOf(topic, words)}</HealthState>,
      sortBy: (topic) => urgency[topic.health],
      narrow: 'state',
    },
    {
      id: 'partitions',
      header: topics.partitions,
      width: '76px',
      align: 'end',
      cell: (topic) => <Figure value={topic.partitions} source="metadata" unit="count" />,
      sortBy: (topic) => topic.partitions,
      narrow: 'figure',
    },
    {
      id: 'replication',
      header: topics.replication,
      width: '72px',
      align: 'end',
      cell: (topic) => <Figure value={topic.replicationFactor} source="metadata" unit="count" />,
      sortBy: (topic) => topic.replicationFactor,
      isWideOnly: true,
    },
    {
      id: 'recordsIn',
      header: topics.recordsIn,
      width: '92px',
      align: 'end',
      cell: (topic) => <Figure value={topic.recordsInPerSecond} source="ends" unit="rate" reason={noRate} />,
      sortBy: (topic) => topic.recordsInPerSecond,
      narrow: 'figure',
    },
    {
      id: 'bytesIn',
      header: topics.bytesIn,
      width: '96px',
      align: 'end',
      cell: (topic) => <Figure value={topic.bytesInPerSecond} source="ends" unit="byteRate" reason={noRate} />,
      sortBy: (topic) => topic.bytesInPerSecond,
      isWideOnly: true,
    },
    {
      id: 'records',
      header: topics.records,
      hint: topics.recordsHint,
      width: '84px',
      align: 'end',
      cell: (topic) => <Figure value={topic.records} source="records" unit="count" />,
      sortBy: (topic) => topic.records,
      isWideOnly: true,
    },
    {
      id: 'size',
      header: topics.size,
      hint: topics.sizeHint,
      width: '88px',
      align: 'end',
      cell: (topic) => <Figure value={topic.sizeBytes} source="disk" unit="bytes" reason={common.unknownBroker} />,
      sortBy: (topic) => topic.sizeBytes,
      narrow: 'figure',
    },
    {
      id: 'groups',
      header: topics.groups,
      width: '64px',
      align: 'end',
      cell: (topic) => <Figure value={topic.groups} source="groups" unit="count" />,
      sortBy: (topic) => topic.groups,
    },
    {
      id: 'cleanup',
      header: topics.cleanup,
      width: '104px',
      cell: (topic) => <span className="quiet">{topic.cleanupPolicy ?? '–'}</span>,
      sortBy: (topic) => topic.cleanupPolicy,
      isWideOnly: true,
    },
  ]
}

function stateOf(topic: TopicRow, { topics, common }: Dictionary): string {
  if (topic.offline > 0) return topics.offlineCount(String(topic.offline))
  if (topic.underReplicated > 0) return topics.underReplicatedCount(String(topic.underReplicated))
  return topic.health === 'ok' ? topics.inSync : common.health[topic.health]
}
