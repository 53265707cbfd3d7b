import type { BrokerRow } from '../../contract/broker.ts'
import type { ClusterVerdict, GroupVerdict, TopicVerdict } from '../../contract/verdict.ts'
import type { Formats } from '../formats.ts'
import { link, paragraph, type Sentence, sentence, strong } from '../sentence.ts'
import { brokers, groups, partitions, records, topics } from './nouns.ts'

const nothing: Sentence = []

export const verdicts = {
  cluster(verdict: ClusterVerdict, f: Formats): Sentence {
    switch (verdict.code) {
      case 'allWell':
        return paragraph(
          ' ',
          sentence`${strong('All is well.')} ${brokers(verdict.brokers, f)}, ${partitions(verdict.partitions, f)} in sync.`,
          groupsKeepingUp(verdict, f),
        )
      case 'replicasMissing':
        return paragraph(' ', replicasMissing(verdict, f), missingReplicasRisk(verdict, f))
      case 'groupsBehind':
        return groupsBehind(verdict, f)
      case 'brokersDown':
        return sentence`${strong('Cluster is at risk:')} ${brokerNames(verdict.brokersDown)} down${since(verdict.sinceMs, f)}. Every partition still has its replicas in sync.`
      case 'unreachable':
        return sentence`${strong('The cluster cannot be reached')}${since(verdict.sinceMs, f)}: ${verdict.reason} What stands below is the last that was read.`
      case 'starting':
        return sentence`${strong('Reading the cluster for the first time.')} Figures appear with the first complete round.`
    }
  },

  topic(name: string, verdict: TopicVerdict, f: Formats): Sentence {
    const topic = strong(name)
    switch (verdict.code) {
      case 'inSync': {
        const rate = verdict.recordsInPerSecond
        const traffic =
          rate === null ? '' : rate === 0 ? ' Nothing is being written.' : ` Records come in at ${f.rate(rate)}.`
        return sentence`${topic} is well: ${partitions(verdict.partitions, f)}, each with ${verdict.replicationFactor === 1 ? 'its only replica' : `all ${verdict.replicationFactor} replicas`} in sync.${traffic}`
      }
      case 'replicasMissing': {
        const brokersGone =
          verdict.missingBrokers.length === 0 ? '' : `; ${brokerNames(verdict.missingBrokers)} behind or gone`
        const first =
          verdict.offline > 0
            ? sentence`${topic} ${strong('is partly offline')}: ${f.exact(verdict.offline)} of ${partitions(verdict.partitions, f)} ${verdict.offline === 1 ? 'has' : 'have'} no leader${since(verdict.sinceMs, f)}${brokersGone}.`
            : sentence`${topic} ${strong('is at risk')}: ${f.exact(verdict.underReplicated)} of ${partitions(verdict.partitions, f)} ${verdict.underReplicated === 1 ? 'misses' : 'miss'} a replica${since(verdict.sinceMs, f)}${brokersGone}.`
        const refused = verdict.belowMinIsr ?? 0
        return refused === 0
          ? first
          : paragraph(
              ' ',
              first,
              sentence`${partitions(refused, f)} ${refused === 1 ? 'refuses' : 'refuse'} acks=all writes now.`,
            )
      }
      case 'unknown':
        return sentence`The state of ${topic} is not known: ${verdict.reason}`
    }
  },

  broker(broker: BrokerRow, f: Formats): Sentence {
    const name = strong(`Broker ${broker.id}`)
    if (broker.state === 'down') {
      return sentence`${name} ${strong('does not answer')}${since(broker.stateSinceMs, f)}: its ${f.exact(broker.replicas)} replicas are out of sync until it is back.`
    }
    if (broker.outOfSyncReplicas > 0) {
      return sentence`${name} is online, but ${f.exact(broker.outOfSyncReplicas)} of its ${f.exact(broker.replicas)} replicas ${broker.outOfSyncReplicas === 1 ? 'is' : 'are'} out of sync.`
    }
    return sentence`${name} is online: it leads ${f.exact(broker.leaders)} of its ${f.exact(broker.replicas)} replicas, all in sync.`
  },

  group(id: string, verdict: GroupVerdict, f: Formats): Sentence {
    const group = strong(id)
    const lag = verdict.lagRecords === null ? '' : ` (${records(verdict.lagRecords, f)})`
    const distance =
      verdict.lagSeconds === null ? `behind${lag}` : `${f.duration(verdict.lagSeconds * 1_000)} behind${lag}`
    switch (verdict.code) {
      case 'keepingUp':
        return (verdict.lagRecords ?? 0) === 0
          ? sentence`${group} is keeping up: it has read everything.`
          : sentence`${group} is keeping up: ${distance}.`
      case 'catchingUp':
        return verdict.drainSeconds === null
          ? sentence`${group} is ${distance} and catching up.`
          : sentence`${group} is ${distance} and catching up: done in about ${f.duration(verdict.drainSeconds * 1_000)} at the present pace.`
      case 'fallingBehind':
        return sentence`${group} is ${strong(distance)} and falling further behind${since(verdict.sinceMs, f)}.`
      case 'stuck':
        return sentence`${group} ${strong('is stuck')}: ${f.exact(verdict.stuckPartitions)} of ${partitions(verdict.partitions, f)} ${verdict.stuckPartitions === 1 ? 'has' : 'have'} not moved${since(verdict.sinceMs, f)} while records wait. It is ${distance}.`
      case 'stopped':
        return sentence`${group} ${strong('has stopped')}: no member is reading${since(verdict.sinceMs, f)} and it is ${distance}.`
      case 'idle':
        return sentence`${group} is idle: ${members(verdict.members, f)}, nothing to read.`
      case 'notCommitting':
        return sentence`${group} has ${members(verdict.members, f)} and has committed no offset: its lag cannot be known.`
      case 'unknown':
        return sentence`The progress of ${group} is not known yet: more than one round is needed.`
    }
  },
}

function groupsKeepingUp(verdict: Extract<ClusterVerdict, { code: 'allWell' }>, f: Formats): Sentence {
  if (verdict.groups === null) return nothing
  if (verdict.groups === 0) return sentence`No consumer group yet.`
  const keeping = verdict.groupsKeepingUp ?? verdict.groups
  const count =
    keeping === verdict.groups ? groups(verdict.groups, f) : `${f.exact(keeping)} of ${groups(verdict.groups, f)}`
  const verb = keeping === 1 ? 'keeps up' : 'keep up'
  return verdict.slowestGroup === null || verdict.slowestSeconds === null
    ? sentence`${count} ${verb}.`
    : sentence`${count} ${verb}; the slowest, ${link('group', verdict.slowestGroup)}, is ${f.duration(verdict.slowestSeconds * 1_000)} behind.`
}

function groupsBehind(verdict: Extract<ClusterVerdict, { code: 'groupsBehind' }>, f: Formats): Sentence {
  const { groups: count, stopped } = verdict
  const isOne = count === 1
  const who = isOne ? 'One consumer group' : `${f.exact(count)} consumer groups`
  const state =
    stopped === count
      ? `${isOne ? 'has' : 'have'} stopped with records unread`
      : stopped === 0
        ? `${isOne ? 'is' : 'are'} behind`
        : `are behind, ${f.exact(stopped)} of them stopped`
  const worst = link('group', verdict.worstGroup)
  return isOne
    ? sentence`${strong(`${who} ${state}:`)} ${worst}${behind(verdict, f)}.`
    : sentence`${strong(`${who} ${state}.`)} The worst is ${worst}${behind(verdict, f)}.`
}

type ReplicasMissing = Extract<ClusterVerdict, { code: 'replicasMissing' }>

function replicasMissing(verdict: ReplicasMissing, f: Formats): Sentence {
  const cause = verdict.brokersDown.length === 0 ? '' : `, ${brokerNames(verdict.brokersDown)} down`
  if (verdict.offline > 0) {
    return sentence`${strong(`${partitions(verdict.offline, f)} ${verdict.offline === 1 ? 'is' : 'are'} offline`)} and cannot be read or written${since(verdict.sinceMs, f)}${cause}. ${f.exact(verdict.underReplicated)} more miss a replica.`
  }
  return sentence`${strong('Cluster is at risk:')} ${partitions(verdict.underReplicated, f)} of ${topics(verdict.topics, f)} ${verdict.underReplicated === 1 ? 'misses' : 'miss'} a replica${since(verdict.sinceMs, f)}${cause}.`
}

function missingReplicasRisk(verdict: ReplicasMissing, f: Formats): Sentence {
  if (verdict.offline > 0) return nothing
  const refused = verdict.belowMinIsr ?? 0
  if (refused > 0)
    return sentence`${partitions(refused, f)} ${refused === 1 ? 'refuses' : 'refuse'} acks=all writes now.`
  const atLimit = verdict.atMinIsr ?? 0
  if (atLimit > 0) return sentence`Nothing is lost. One more broker down stops writes to ${f.exact(atLimit)} of them.`
  return sentence`Nothing is lost.`
}

function behind(verdict: { lagSeconds: number | null; lagRecords: number | null }, f: Formats): string {
  if (verdict.lagSeconds === null)
    return verdict.lagRecords === null ? '' : `, ${records(verdict.lagRecords, f)} behind`
  const lag = verdict.lagRecords === null ? '' : ` (${records(verdict.lagRecords, f)})`
  return `, ${f.duration(verdict.lagSeconds * 1_000)} behind${lag}`
}

function brokerNames(ids: readonly number[]): string {
  return ids.length === 1 ? `broker ${ids[0]} is` : `brokers ${ids.join(', ')} are`
}

function members(count: number | null, f: Formats): string {
  if (count === null) return 'an unknown number of members'
  return count === 1 ? 'one member' : count === 0 ? 'no members' : `${f.exact(count)} members`
}

function since(atMs: number | null, f: Formats): string {
  return atMs === null ? '' : ` since ${f.time(atMs)}`
}
