'use client'

import Link from 'next/link'
import type { ChangeRow } from '../../../../lib/contract/change.ts'
import { pageHref } from '../../../../lib/web/links.ts'
import { useFormats, useWords } from '../../../../lib/web/reader-provider.tsx'
import { Instant } from '../../../components/figure/instant.tsx'
import { Section } from '../../../components/section/section.tsx'
import { SentenceText } from '../../../components/text/sentence-text.tsx'
import classes from './overview-screen.module.css'

interface RecentChangesProps {
  cluster: string
  changes: readonly ChangeRow[]
}

const shownMax = 10

export function RecentChanges({ cluster, changes }: RecentChangesProps) {
  const words = useWords()
  const formats = useFormats()
  return (
    <Section
      title={words.overview.changes}
      aside={
        <Link href={pageHref(cluster, 'changes')} prefetch={false}>
          {words.overview.all}
        </Link>
      }
    >
      {changes.length === 0 && <p className="quiet">{words.overview.noChanges}</p>}
      <ul className={classes.list}>
        {changes.slice(0, shownMax).map((change) => (
          <li key={change.id} className={`${classes.item} ${classes.change}`}>
            <span className="quiet">
              <Instant atMs={change.atMs} withAge={false} />
            </span>
            <span>
              <SentenceText sentence={words.events.change(change, formats)} />
            </span>
          </li>
        ))}
      </ul>
    </Section>
  )
}
