'use client'

import Link from 'next/link'
import type { AttentionItem } from '../../../../lib/contract/cluster.ts'
import { subjectHref } from '../../../../lib/web/links.ts'
import { useFormats, useWords } from '../../../../lib/web/reader-provider.tsx'
import { useCluster } from '../../../../lib/web/use-cluster.ts'
import { HealthMark } from '../../../components/figure/health-mark.tsx'
import { Instant } from '../../../components/figure/instant.tsx'
import { Unknown } from '../../../components/figure/unknown.tsx'
import { Section } from '../../../components/section/section.tsx'
import { SentenceText } from '../../../components/text/sentence-text.tsx'
import classes from './attention-list.module.css'

/** What needs a person: what, since when, what happened just before, where to go. */
export function AttentionList({ items }: { items: readonly AttentionItem[] }) {
  const words = useWords().overview
  const hasBefore = items.some(({ before }) => before !== null)
  return (
    <Section title={words.needsAttention}>
      <table className={classes.list} data-before={hasBefore || undefined}>
        <thead>
          <tr className={classes.row}>
            <th scope="col">{words.what}</th>
            <th scope="col">{words.since}</th>
            {hasBefore && <th scope="col">{words.before}</th>}
            <th scope="col">{words.next}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <AttentionRow key={item.id} item={item} hasBefore={hasBefore} />
          ))}
        </tbody>
      </table>
    </Section>
  )
}

interface AttentionRowProps {
  item: AttentionItem
  /** Whether a change was seen before any of the items: a column of nothing says nothing. */
  hasBefore: boolean
}

function AttentionRow({ item, hasBefore }: AttentionRowProps) {
  const words = useWords()
  const formats = useFormats()
  const cluster = useCluster()
  const { what, detail } = words.events.attention(item, formats)
  return (
    <tr className={classes.row} data-health={item.health}>
      <td className={classes.what}>
        <HealthMark health={item.health} />
        <span>
          <SentenceText sentence={what} /> <span className="quiet">{detail}</span>
        </span>
      </td>
      <td>
        <Instant atMs={item.sinceMs} reason={words.common.unknownNoHistory} />
      </td>
      {hasBefore && (
        <td className={`quiet ${classes.before}`} data-unknown={item.before === null || undefined}>
          {item.before === null ? (
            <Unknown reason={words.events.nothingBefore} />
          ) : (
            <SentenceText sentence={words.events.change(item.before, formats)} />
          )}
        </td>
      )}
      <td>
        <Link href={subjectHref(cluster, item.subject)} prefetch={false}>
          {words.events.next(item.subject)}
        </Link>
      </td>
    </tr>
  )
}
