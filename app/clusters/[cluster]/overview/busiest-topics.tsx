'use client'

import type { TopicRow } from '../../../../lib/contract/topic.ts'
import { topicHref } from '../../../../lib/web/links.ts'
import { useWords } from '../../../../lib/web/reader-provider.tsx'
import { Figure } from '../../../components/figure/figure.tsx'
import { Section } from '../../../components/section/section.tsx'
import { NameLink } from '../../../components/text/name-link.tsx'
import classes from './overview-screen.module.css'

interface BusiestTopicsProps {
  cluster: string
  /** Those that are written to; `known` counts all. */
  topics: readonly TopicRow[]
  known: number
}

export function BusiestTopics({ cluster, topics, known }: BusiestTopicsProps) {
  const words = useWords()
  return (
    <Section title={words.overview.busiestTopics} unit={words.overview.busiestTopicsUnit}>
      {topics.length === 0 && <p className="quiet">{known > 0 ? words.overview.noneBusy : words.overview.noTopics}</p>}
      <ul className={classes.list}>
        {topics.map((topic) => (
          <li key={topic.name} className={classes.item}>
            <NameLink name={topic.name} href={topicHref(cluster, topic.name)} />
            <span className={`quiet ${classes.figure}`}>
              <Figure
                value={topic.bytesInPerSecond}
                source="ends"
                unit="byteRate"
                reason={words.common.unknownNoHistory}
              />
            </span>
            <Figure value={topic.recordsInPerSecond} source="ends" unit="rate" reason={words.common.unknownNoHistory} />
          </li>
        ))}
      </ul>
    </Section>
  )
}
