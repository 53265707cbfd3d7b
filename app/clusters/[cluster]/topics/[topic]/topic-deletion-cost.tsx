'use client'

import Link from 'next/link'
import type { TopicDeletionPreview } from '../../../../../lib/contract/topic.ts'
import { groupHref } from '../../../../../lib/web/links.ts'
import { useFormats, useWords } from '../../../../../lib/web/reader-provider.tsx'
import { useCluster } from '../../../../../lib/web/use-cluster.ts'
import classes from './topic-deletion-cost.module.css'

/** What deleting costs, in figures. */
export function TopicDeletionCost({ preview }: { preview: TopicDeletionPreview }) {
  const words = useWords().topicActs
  const formats = useFormats()
  const cluster = useCluster()
  const { records, partitions, replicatedSizeBytes, groups, recordsInPerSecond } = preview
  return (
    <ul className={classes.cost}>
      <li>
        <strong>{words.deleteCost(records, partitions, formats)}</strong>{' '}
        {replicatedSizeBytes !== null && words.deleteBytes(formats.bytes(replicatedSizeBytes))}
      </li>
      {recordsInPerSecond !== null && recordsInPerSecond > 0 && (
        <li>{words.deleteTraffic(formats.rate(recordsInPerSecond))}</li>
      )}
      <li>
        {words.deleteGroups(groups.length, groups.filter((group) => group.isActive).length)}{' '}
        {groups.map(({ group }) => (
          <Link key={group} className={`mono ${classes.group}`} href={groupHref(cluster, group)} prefetch={false}>
            {group}
          </Link>
        ))}
      </li>
      <li>{words.deleteNoUndo}</li>
    </ul>
  )
}
