'use client'

import type { TopicDetail } from '../../../../../lib/contract/topic.ts'
import { useWords } from '../../../../../lib/web/reader-provider.tsx'
import { Figure } from '../../../../components/figure/figure.tsx'

export function TopicFacts({ detail }: { detail: TopicDetail }) {
  const words = useWords()
  const { topic, minInSyncReplicas, topicId } = detail
  return (
    <>
      <span>
        {words.topics.recordsIn}{' '}
        <Figure value={topic.recordsInPerSecond} source="ends" unit="rate" reason={words.common.unknownNoHistory} />
      </span>
      <span title={words.topics.recordsHint}>
        {words.topics.records} <Figure value={topic.records} source="records" unit="count" />
      </span>
      <span title={words.topics.sizeHint}>
        {words.topics.size}{' '}
        <Figure value={topic.sizeBytes} source="disk" unit="bytes" reason={words.common.unknownBroker} />
      </span>
      {minInSyncReplicas !== null && <span>{words.topics.minInSync(minInSyncReplicas)}</span>}
      {topic.cleanupPolicy !== null && (
        <span>
          {words.topics.cleanup} {topic.cleanupPolicy}
        </span>
      )}
      {topicId !== null && (
        <span title={words.topics.topicId} className="mono">
          {topicId}
        </span>
      )}
    </>
  )
}
