'use client'

import type { GroupRow } from '../../../../lib/contract/group.ts'
import { groupHref } from '../../../../lib/web/links.ts'
import { useWords } from '../../../../lib/web/reader-provider.tsx'
import { Figure } from '../../../components/figure/figure.tsx'
import { HealthState } from '../../../components/figure/health-state.tsx'
import { Section } from '../../../components/section/section.tsx'
import { NameLink } from '../../../components/text/name-link.tsx'
import classes from './overview-screen.module.css'

interface SlowestGroupsProps {
  cluster: string
  /** Those with something to read; `known` counts all. */
  groups: readonly GroupRow[]
  known: number
  isLagKnown: boolean
}

export function SlowestGroups({ cluster, groups, known, isLagKnown }: SlowestGroupsProps) {
  const words = useWords()
  return (
    <Section title={words.overview.slowestGroups} unit={words.overview.slowestGroupsUnit}>
      {groups.length === 0 && (
        <p className="quiet">
          {known === 0 ? words.overview.noGroups : isLagKnown ? words.overview.noneBehind : words.overview.lagUnknown}
        </p>
      )}
      <ul className={classes.list}>
        {groups.map((group) => (
          <li key={group.id} className={classes.item}>
            <NameLink name={group.id} href={groupHref(cluster, group.id)} />
            <HealthState health={group.health}>{words.common.progress[group.progress]}</HealthState>
            <Figure
              value={group.lagSeconds}
              source="lag"
              unit="seconds"
              isLowerBound={group.lagSecondsIsLowerBound}
              reason={group.problem ?? words.common.unknownNoHistory}
            />
          </li>
        ))}
      </ul>
    </Section>
  )
}
