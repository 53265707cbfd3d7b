'use client'

import type { GroupDetail } from '../../../../../lib/contract/group.ts'
import { useWords } from '../../../../../lib/web/reader-provider.tsx'
import { Figure } from '../../../../components/figure/figure.tsx'
import { EmptyState } from '../../../../components/section/empty-state.tsx'
import { Section } from '../../../../components/section/section.tsx'
import { SimpleTable } from '../../../../components/table/simple-table.tsx'

export function GroupMembersTab({ detail }: { detail: GroupDetail }) {
  const words = useWords()
  if (detail.members.length === 0) {
    return <EmptyState title={words.groups.noMembers} detail={words.groups.noMembersDetail} />
  }
  return (
    <Section parts={Object.values(detail.parts)}>
      <SimpleTable
        label={words.groups.tabs.members}
        rows={detail.members}
        keyOf={(member) => member.memberId}
        columns={[
          {
            id: 'client',
            header: words.groups.client,
            width: 'minmax(140px, 2fr)',
            cell: (member) => (
              <span className="mono" title={member.memberId}>
                {member.clientId}
              </span>
            ),
            narrow: 'lead',
          },
          {
            id: 'host',
            header: words.groups.host,
            width: '130px',
            cell: (member) => member.clientHost,
            narrow: 'state',
          },
          {
            id: 'instance',
            header: words.groups.instance,
            width: '130px',
            cell: (member) => <span className="mono">{member.instanceId ?? '–'}</span>,
          },
          {
            id: 'lag',
            header: words.groups.lag,
            width: '90px',
            align: 'end',
            cell: (member) => (
              <Figure value={member.lagRecords} source="lag" unit="count" reason={words.common.unknownNoCommit} />
            ),
            narrow: 'figure',
          },
          {
            id: 'assigned',
            header: words.groups.assigned,
            width: 'minmax(180px, 4fr)',
            cell: (member) => (
              <span className="mono quiet">
                {member.assignments.map(({ topic, partitions }) => `${topic} ${partitions.join(',')}`).join(' · ') ||
                  '–'}
              </span>
            ),
            narrow: 'figure',
          },
        ]}
      />
    </Section>
  )
}
