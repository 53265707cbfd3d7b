import type { GroupMemberRow, GroupPartitionRow } from '../../../../../lib/contract/group.ts'
import type { Dictionary } from '../../../../../lib/format/english.ts'
import { topicHref } from '../../../../../lib/web/links.ts'
import { Figure } from '../../../../components/figure/figure.tsx'
import { HealthState } from '../../../../components/figure/health-state.tsx'
import { Instant } from '../../../../components/figure/instant.tsx'
import { Unknown } from '../../../../components/figure/unknown.tsx'
import type { Column } from '../../../../components/table/column.ts'
import { NameLink } from '../../../../components/text/name-link.tsx'
import { progressHealth } from './progress-health.ts'

export function positionColumns(
  cluster: string,
  { groups, common }: Dictionary,
  members: readonly GroupMemberRow[],
): Column<GroupPartitionRow>[] {
  const clientOf = (memberId: string | null) => members.find((member) => member.memberId === memberId)?.clientId
  const offsetCell = (offset: string | null, reason: string) =>
    offset === null ? <Unknown reason={reason} /> : <span className="mono">{offset}</span>
  return [
    {
      id: 'topic',
      header: groups.topic,
      width: 'minmax(140px, 2fr)',
      cell: (row) => <NameLink name={row.topic} href={topicHref(cluster, row.topic)} />,
      sortBy: (row) => row.topic,
      narrow: 'lead',
    },
    {
      id: 'partition',
      header: groups.partition,
      width: '68px',
      align: 'end',
      cell: (row) => <span className="mono">{row.partition}</span>,
      sortBy: (row) => row.partition,
      narrow: 'state',
    },
    {
      id: 'progress',
      header: groups.progress,
      width: 'minmax(110px, 1fr)',
      cell: (row) => <HealthState health={progressHealth(row.progress)}>{common.progress[row.progress]}</HealthState>,
      sortBy: (row) => row.progress,
      narrow: 'state',
    },
    {
      id: 'behind',
      header: groups.behind,
      hint: groups.behindHint,
      width: '92px',
      align: 'end',
      cell: (row) => (
        <Figure
          value={row.lagSeconds}
          source="lag"
          unit="seconds"
          isLowerBound={row.lagSecondsIsLowerBound}
          reason={common.unknownNoHistory}
        />
      ),
      sortBy: (row) => row.lagSeconds,
      narrow: 'figure',
    },
    {
      id: 'lag',
      header: groups.lag,
      hint: groups.lagHint,
      width: '78px',
      align: 'end',
      cell: (row) => <Figure value={row.lagRecords} source="lag" unit="count" reason={common.unknownNoCommit} />,
      sortBy: (row) => row.lagRecords,
      narrow: 'figure',
    },
    {
      id: 'committed',
      header: groups.committed,
      width: '90px',
      align: 'end',
      cell: (row) => offsetCell(row.committedOffset, common.unknownNoCommit),
      sortBy: (row) => (row.committedOffset === null ? null : Number(row.committedOffset)),
      isWideOnly: true,
    },
    {
      id: 'end',
      header: groups.end,
      width: '90px',
      align: 'end',
      cell: (row) => offsetCell(row.endOffset, common.unknownNotRead),
      sortBy: (row) => (row.endOffset === null ? null : Number(row.endOffset)),
    },
    {
      id: 'consumed',
      header: groups.consumed,
      width: '78px',
      align: 'end',
      cell: (row) => (
        <Figure value={row.consumedPerSecond} source="commits" unit="rate" reason={common.unknownNoHistory} />
      ),
      sortBy: (row) => row.consumedPerSecond,
      narrow: 'figure',
    },
    {
      id: 'produced',
      header: groups.produced,
      width: '78px',
      align: 'end',
      cell: (row) => (
        <Figure value={row.producedPerSecond} source="ends" unit="rate" reason={common.unknownNoHistory} />
      ),
      sortBy: (row) => row.producedPerSecond,
      isWideOnly: true,
    },
    {
      id: 'moved',
      header: groups.moved,
      width: '116px',
      cell: (row) => <Instant atMs={row.lastMovedAtMs} reason={common.unknownNoHistory} />,
      sortBy: (row) => row.lastMovedAtMs,
      isWideOnly: true,
    },
    {
      id: 'member',
      header: groups.member,
      width: 'minmax(100px, 1fr)',
      cell: (row) => (
        <span className="mono quiet" title={row.memberId ?? undefined}>
          {clientOf(row.memberId) ?? row.memberId ?? '–'}
        </span>
      ),
      sortBy: (row) => clientOf(row.memberId) ?? row.memberId,
      isWideOnly: true,
    },
  ]
}
