import { isUnderReplicated } from '../domain/partition-health.ts'
import { sumKnown } from '../domain/rate.ts'
import { leaderSizeOf } from './documents/topics-document.ts'
import type { ClusterSnapshot, GroupState, TopicState } from './snapshot.ts'
import type { Sample } from './store/series-store.ts'

export interface ProcessUsage {
  readonly rssBytes: number
  /** Processor time since the sample before. */
  readonly cpuMs: number
}

/** What one round measured, as samples in the columns of `seriesKinds`. Values of parts that failed are left out. */
export function seriesSamples(snapshot: ClusterSnapshot, usage: ProcessUsage): Sample[] {
  const isFresh = (atMs: number | null) => atMs !== null && atMs >= snapshot.startedAtMs
  const samples: Sample[] = [processSample(snapshot, usage)]
  if (!isFresh(snapshot.parts.metadata.asOfMs)) return samples
  samples.push(clusterSample(snapshot), ...brokerSamples(snapshot))
  for (const topic of snapshot.topics.values()) {
    const name = encodeURIComponent(topic.name)
    const identity = topic.id ?? ''
    samples.push({ kind: 'topic', subject: name, identity, values: topicValues(topic) })
    for (const partition of topic.partitions) {
      const end = isFresh(partition.endOffsetAtMs) && partition.endOffset !== null ? Number(partition.endOffset) : null
      const logStart = partition.logStartOffset === null ? null : Number(partition.logStartOffset)
      const values = [end, logStart, partition.inSync.length]
      samples.push({ kind: 'partition', subject: `${name}/${partition.partition}`, identity, values })
    }
  }
  for (const group of snapshot.groups.values()) samples.push(...groupSamples(snapshot, group))
  return samples
}

function processSample({ cost }: ClusterSnapshot, { rssBytes, cpuMs }: ProcessUsage): Sample {
  return { kind: 'process', subject: '', values: [cost.durationMs, cost.requests, rssBytes, cpuMs] }
}

function clusterSample(snapshot: ClusterSnapshot): Sample {
  const partitions = [...snapshot.topics.values()].flatMap((topic) => topic.partitions)
  const values = [
    sumKnown(partitions.map(({ recordsInPerSecond }) => recordsInPerSecond)),
    sumKnown(partitions.map(({ bytesInPerSecond }) => bytesInPerSecond)),
    sumKnown([...snapshot.groups.values()].map(({ lagRecords }) => lagRecords)),
    partitions.filter(isUnderReplicated).length,
    partitions.filter(({ leader }) => leader === null).length,
    [...snapshot.brokers.values()].filter(({ isOnline }) => isOnline).length,
  ]
  return { kind: 'cluster', subject: '', values }
}

function brokerSamples(snapshot: ClusterSnapshot): Sample[] {
  const counts = new Map<number, { leaders: number; replicas: number; recordsIn: number | null }>()
  const countOf = (id: number) => {
    const count = counts.get(id) ?? { leaders: 0, replicas: 0, recordsIn: null }
    counts.set(id, count)
    return count
  }
  for (const { partitions } of snapshot.topics.values()) {
    for (const { leader, replicas, recordsInPerSecond } of partitions) {
      for (const id of replicas) countOf(id).replicas++
      if (leader === null) continue
      const ofLeader = countOf(leader)
      ofLeader.leaders++
      ofLeader.recordsIn = sumKnown([ofLeader.recordsIn, recordsInPerSecond])
    }
  }
  return [...snapshot.brokers.values()].map(({ id, isOnline, logDirs }) => {
    const { leaders, replicas, recordsIn } = countOf(id)
    const sizeBytes = logDirs === null ? null : sumKnown(logDirs.map((logDir) => logDir.sizeBytes))
    return {
      kind: 'broker',
      subject: `${id}`,
      values: isOnline ? [leaders, replicas, sizeBytes, recordsIn] : [0, replicas, null, null],
    }
  })
}

function topicValues({ partitions }: TopicState): (number | null)[] {
  return [
    sumKnown(partitions.map(({ recordsInPerSecond }) => recordsInPerSecond)),
    sumKnown(partitions.map(leaderSizeOf)),
    partitions.filter(isUnderReplicated).length,
  ]
}

function* groupSamples(snapshot: ClusterSnapshot, group: GroupState): Iterable<Sample> {
  const id = encodeURIComponent(group.id)
  const members = group.members?.length ?? null
  yield { kind: 'group', subject: id, values: [group.lagRecords, group.lagMs, group.consumedPerSecond, members] }
  let topicOf = ''
  let prefix = ''
  let identity = ''
  for (const { topic, partition, committedOffset, lagRecords, lagMs } of group.partitions) {
    // Positions of one topic stand together.
    if (topic !== topicOf) {
      topicOf = topic
      prefix = `${id}/${encodeURIComponent(topic)}`
      identity = snapshot.topics.get(topic)?.id ?? ''
    }
    yield {
      kind: 'groupPartition',
      subject: `${prefix}/${partition}`,
      identity,
      values: [
        committedOffset === null ? null : Number(committedOffset),
        lagRecords === null ? null : Number(lagRecords),
        lagMs,
      ],
    }
  }
}
