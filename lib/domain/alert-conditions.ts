import type { AlertRuleId, Incident } from '../contract/alert.ts'
import { isUnderReplicated, type PartitionFacts } from './partition-health.ts'

export type AlertSubject = Incident['subject']
export type AlertParams = Incident['params']

/** Something that a rule finds wrong now: where, and the figures of the sentence about it. */
export interface AlertCondition {
  readonly subject: AlertSubject
  readonly params: AlertParams
}

/** What rules look at: one round of one cluster. */
export interface AlertFacts {
  readonly clusterId: string
  readonly brokers: ReadonlyMap<
    number,
    { readonly id: number; readonly host: string; readonly port: number; readonly isOnline: boolean }
  >
  readonly topics: ReadonlyMap<string, { readonly partitions: readonly (PartitionFacts & { partition: number })[] }>
}

/** Bounds of the lists in `params`; the counts beside them are always of all. */
const topicsListedMax = 10
const partitionsListedMax = 20

/**
 * Everything the rule finds wrong: at most one condition a cluster for partitions, one a broker that is down. Several
 * partitions of one cause are one alert, because one person has to get up for them.
 */
export function findAlertConditions(rule: AlertRuleId, facts: AlertFacts): AlertCondition[] {
  switch (rule) {
    case 'under_replicated':
      return partitionsCondition(facts, (partition) => partition.leader !== null && isUnderReplicated(partition))
    case 'offline_partitions':
      return partitionsCondition(facts, (partition) => partition.leader === null)
    case 'broker_down':
      return [...facts.brokers.values()]
        .filter((broker) => !broker.isOnline)
        .sort((left, right) => left.id - right.id)
        .map(({ id, host, port }) => ({
          subject: { kind: 'broker', id: String(id) },
          params: { broker: id, host, port },
        }))
  }
}

/** Whether the subject still exists; a broker that was taken out of the cluster for good cannot come back up. */
export function isSubjectKnown(subject: AlertSubject, facts: AlertFacts): boolean {
  switch (subject.kind) {
    case 'cluster':
      return true
    case 'broker':
      return facts.brokers.has(Number(subject.id))
    case 'topic':
      return facts.topics.has(subject.id)
  }
}

function partitionsCondition(facts: AlertFacts, isAffected: (partition: PartitionFacts) => boolean): AlertCondition[] {
  const affected = [...facts.topics]
    .map(([name, topic]) => ({ name, partitions: topic.partitions.filter(isAffected) }))
    .filter(({ partitions }) => partitions.length > 0)
    .sort((left, right) => (left.name < right.name ? -1 : 1))
  if (affected.length === 0) return []

  const partitions = affected.flatMap((topic) => topic.partitions)
  const missing = new Set(partitions.flatMap(({ replicas, inSync }) => replicas.filter((id) => !inSync.includes(id))))
  const missingBrokers = [...missing].sort((left, right) => left - right)
  return [
    {
      subject: { kind: 'cluster', id: facts.clusterId },
      params: {
        partitions: partitions.length,
        topics: affected.length,

        brokers: listUpTo(partitionsListedMax, missingBrokers, ', '),
        partitionList: listUpTo(
          topicsListedMax,
          affected.map(({ name, partitions: ofTopic }) => {
            const numbers = ofTopic.map(({ partition }) => partition).sort((left, right) => left - right)
            return `${name} ${listUpTo(partitionsListedMax, numbers, ', ')}`
          }),
          '; ',
        ),
      },
    },
  ]
}

function listUpTo(max: number, items: readonly (string | number)[], separator: string): string {
  const listed = items.slice(0, max).join(separator)
  return items.length > max ? `${listed}${separator}+${items.length - max} more` : listed
}
