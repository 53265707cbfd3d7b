import type { GroupRow } from '../../../../lib/contract/group.ts'
import type { Dictionary } from '../../../../lib/format/english.ts'
import { groupHref } from '../../../../lib/web/links.ts'
import { Figure } from '../../../components/figure/figure.tsx'
import { HealthState } from '../../../components/figure/health-state.tsx'
import { Unknown } from '../../../components/figure/unknown.tsx'
import type { Column } from '../../../components/table/column.ts'
import { NameLink } from '../../../components/text/name-link.tsx'

const urgency = { critical: 0, atRisk: 1, unknown: 2, ok: 3 }

export function groupColumns(cluster: string, { groups, common }: Dictionary): Column<GroupRow>[] {
  return [
    {
      id: 'name',
      header: groups.name,
      width: 'minmax(180px, 3fr)',
      cell: (group) => <NameLink name={group.id} href={groupHref(cluster, group.id)} />,
      sortBy: (group) => group.id,
      narrow: 'lead',
    },
    {
      id: 'progress',
      header: groups.progress,
      width: 'minmax(130px, 1fr)',
      cell: (group) => (
        <span title={group.problem ?? undefined}>
          <HealthState health={group.health}>{common.progress[group.progress]}</HealthState>
        </span>
      ),
      sortBy: (group) => urgency[group.health],
      narrow: 'state',
    },
    {
      id: 'behind',
      header: groups.behind,
      hint: groups.behindHint,
      width: '104px',
      align: 'end',
      cell: (group) => (
        <Figure
          value={group.lagSeconds}
          source="lag"
          unit="seconds"
          isLowerBound={group.lagSecondsIsLowerBound}
          reason={group.problem ?? common.unknownNoHistory}
        />
      ),
      sortBy: (group) => group.lagSeconds,
      narrow: 'figure',
    },
    {
      id: 'lag',
      header: groups.lag,
      hint: groups.lagHint,
      width: '92px',
      align: 'end',
      cell: (group) => (
        <Figure value={group.lagRecords} source="lag" unit="count" reason={group.problem ?? common.unknownNoCommit} />
      ),
      sortBy: (group) => group.lagRecords,
      narrow: 'figure',
    },
    {
      id: 'consumed',
      header: groups.consumed,
      width: '92px',
      align: 'end',
      cell: (group) => (
        <Figure value={group.consumedPerSecond} source="commits" unit="rate" reason={common.unknownNoHistory} />
      ),
      sortBy: (group) => group.consumedPerSecond,
      narrow: 'figure',
    },
    {
      id: 'members',
      header: groups.members,
      width: '76px',
      align: 'end',
      cell: (group) => <Figure value={group.members} source="members" unit="count" />,
      sortBy: (group) => group.members,
    },
    {
      id: 'partitions',
      header: groups.partitions,
      width: '76px',
      align: 'end',
      cell: (group) => <Figure value={group.partitions} source="commits" unit="count" />,
      sortBy: (group) => group.partitions,
      isWideOnly: true,
    },
    {
      id: 'state',
      header: groups.state,
      width: '132px',
      cell: (group) => <span className="quiet">{group.state}</span>,
      sortBy: (group) => group.state,
      isWideOnly: true,
    },
    {
      id: 'topics',
      header: groups.topics,
      width: 'minmax(120px, 2fr)',
      cell: (group) => (
        <span className="mono quiet" title={group.topics.join('\n')}>
          {group.topics.join(', ')}
        </span>
      ),
      sortBy: (group) => group.topics[0] ?? null,
      isWideOnly: true,
    },
    {
      id: 'coordinator',
      header: groups.coordinator,
      width: '84px',
      align: 'end',
      cell: (group) => group.coordinator ?? <Unknown reason={common.unknownNotRead} />,
      sortBy: (group) => group.coordinator,
      isExtra: true,
    },
    {
      id: 'type',
      header: groups.type,
      width: '84px',
      cell: (group) => group.type,
      sortBy: (group) => group.type,
      isExtra: true,
    },
  ]
}
