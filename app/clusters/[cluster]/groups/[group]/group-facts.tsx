'use client'

import type { GroupDetail } from '../../../../../lib/contract/group.ts'
import { useWords } from '../../../../../lib/web/reader-provider.tsx'
import { Figure } from '../../../../components/figure/figure.tsx'

export function GroupFacts({ detail }: { detail: GroupDetail }) {
  const words = useWords()
  const { group, protocol } = detail
  return (
    <>
      <span>{group.state}</span>
      <span>
        {words.groups.members} <Figure value={group.members} source="members" unit="count" />
      </span>
      <span title={words.groups.lagHint}>
        {words.groups.lag}{' '}
        <Figure value={group.lagRecords} source="lag" unit="count" reason={words.common.unknownNoCommit} />
      </span>
      <span>
        {words.groups.consumed}{' '}
        <Figure value={group.consumedPerSecond} source="commits" unit="rate" reason={words.common.unknownNoHistory} />
      </span>
      {protocol !== null && protocol !== '' && (
        <span>
          {words.groups.protocol} {protocol}
        </span>
      )}
      {group.coordinator !== null && (
        <span>
          {words.groups.coordinator} {group.coordinator}
        </span>
      )}
    </>
  )
}
