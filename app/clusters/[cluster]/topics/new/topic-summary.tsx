'use client'

import type { TopicDefaults } from '../../../../../lib/contract/topic.ts'
import { overviewQuery } from '../../../../../lib/web/queries.ts'
import { useFormats, useWords } from '../../../../../lib/web/reader-provider.tsx'
import { useLiveQuery } from '../../../../../lib/web/use-live-query.ts'
import { HealthState } from '../../../../components/figure/health-state.tsx'
import { CommandLine } from '../../../../components/text/command-line.tsx'
import classes from './topic-create-form.module.css'
import { planTopic, type TopicDraft, writeTopicCommand } from './topic-draft.ts'
import type { useTopicCheck } from './use-topic-check.ts'

interface TopicSummaryProps {
  cluster: string
  draft: TopicDraft
  defaults: TopicDefaults
  isSound: boolean
  asked: ReturnType<typeof useTopicCheck>
}

/** What will exist, where, what it may cost, what a colleague would say, and the same from a terminal. */
export function TopicSummary({ cluster, draft, defaults, isSound, asked }: TopicSummaryProps) {
  const words = useWords().topicActs
  const bootstrap = useLiveQuery(overviewQuery(cluster)).data?.cluster.bootstrap ?? 'localhost:9092'
  return (
    <aside className={classes.summary} aria-live="polite">
      <h2>{words.willExist}</h2>
      {isSound ? <TopicPlanList draft={draft} defaults={defaults} /> : <p className="quiet">{words.summaryUnnamed}</p>}
      <ClusterWord isSound={isSound} asked={asked} />
      {isSound && (
        <>
          <h2>{words.command}</h2>
          <CommandLine command={writeTopicCommand(draft, bootstrap)} />
        </>
      )}
    </aside>
  )
}

function TopicPlanList({ draft, defaults }: { draft: TopicDraft; defaults: TopicDefaults }) {
  const words = useWords().topicActs
  const formats = useFormats()
  const { partitions, replicationFactor, bytesMax, warnings } = planTopic(draft, defaults)
  const replicas = partitions * replicationFactor
  return (
    <>
      <ul className={classes.plan}>
        <li className="mono">{draft.name}</li>
        <li>{words.summaryTopic(formats.exact(partitions), formats.exact(replicationFactor))}</li>
        <li>
          {words.summaryReplicas(
            formats.exact(replicas),
            formats.exact(defaults.brokers),
            formats.exact(Math.ceil(replicas / Math.max(1, defaults.brokers))),
          )}
        </li>
        <li className="quiet">
          {bytesMax === undefined ? words.summaryDiskUnknown : words.summaryDisk(formats.bytes(bytesMax))}
        </li>
      </ul>
      {warnings.length > 0 && (
        <>
          <h2>{words.warnings}</h2>
          <ul className={classes.plan}>
            {warnings.map((warning) => (
              <li key={warning.code} className={classes.warning}>
                {words.warning(warning, formats)}
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}

function ClusterWord({ isSound, asked }: Pick<TopicSummaryProps, 'isSound' | 'asked'>) {
  const words = useWords().topicActs
  if (!isSound) return <p className="quiet">{words.notChecked}</p>
  if (asked.isAsking) return <HealthState health="unknown">{words.checking}</HealthState>
  if (asked.check === undefined) return asked.problem && <p className="quiet">{words.checkFailed}</p>
  if (asked.check.isAccepted) return <HealthState health="ok">{words.accepted}</HealthState>
  return (
    <div>
      <HealthState health="critical">{words.refused}</HealthState>
      <ul className={classes.plan}>
        {asked.check.fields.map((field) => (
          <li key={field.path + field.message}>{field.message}</li>
        ))}
        {asked.check.kafkaError !== null && (
          <li>
            <code>{asked.check.kafkaError}</code>
          </li>
        )}
      </ul>
    </div>
  )
}
