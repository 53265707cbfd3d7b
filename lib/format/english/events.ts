import type { Incident } from '../../contract/alert.ts'
import type { ChangeRow } from '../../contract/change.ts'
import type { AttentionItem } from '../../contract/cluster.ts'
import type { Formats } from '../formats.ts'
import { numberParam, type Params, textParam } from '../params.ts'
import { link, type Piece, type Sentence, sentence, strong } from '../sentence.ts'
import { members, partitions, records, topics } from './nouns.ts'

/** What happened, what is open, what needs a person. */
export const events = {
  change(row: ChangeRow, f: Formats): Sentence {
    const subject = link(row.subject.kind, row.subject.id)
    const from = textParam(row.params, 'from')
    const to = textParam(row.params, 'to')
    switch (row.code) {
      case 'brokerDown':
        return sentence`Broker ${subject} stopped answering`
      case 'brokerUp':
        return sentence`Broker ${subject} came back`
      case 'brokerProcessRestarted':
        return sentence`The process of broker ${subject} was restarted`
      case 'controllerMoved':
        return from === undefined
          ? sentence`Broker ${to ?? row.subject.id} became the controller`
          : sentence`The controller moved from broker ${from} to broker ${to ?? row.subject.id}`
      case 'topicCreated':
        return sentence`Topic ${subject} was created${shape(row.params, f)}`
      case 'topicDeleted':
        return sentence`Topic ${strong(row.subject.id)} was deleted`
      case 'partitionsAdded':
        return sentence`${subject} grew from ${from ?? '?'} to ${to ?? '?'} partitions`
      case 'leaderMoved':
        return sentence`The leader of ${which(row.params, f)} of ${subject} moved${fromTo(from, to)}`
      case 'isrShrunk':
        return sentence`${byBroker(row.params, 'A replica')} of ${which(row.params, f)} of ${subject} fell out of sync`
      case 'isrGrown':
        return sentence`${byBroker(row.params, 'A replica')} of ${which(row.params, f)} of ${subject} is in sync again`
      case 'groupStateChanged':
        return sentence`Group ${subject} went from ${from ?? '?'} to ${to ?? '?'}`
      case 'groupMembersChanged':
        return sentence`Group ${subject} went from ${from ?? '?'} to ${members(Number(to ?? 0), f)}`
    }
  },

  attention(item: AttentionItem, f: Formats): { what: Sentence; detail: string } {
    const { params } = item
    const count = numberParam(params, 'partitions') ?? 0
    const subject = link(item.subject.kind, item.subject.id)
    switch (item.code) {
      case 'offlinePartitions':
        return { what: sentence`${strong(`${partitions(count, f)} offline`)}`, detail: spread(params, f) }
      case 'underMinIsr':
        return {
          what: sentence`${strong(`${partitions(count, f)} refuse acks=all writes`)}`,
          detail: spread(params, f),
        }
      case 'underReplicated':
        return { what: sentence`${strong(`${partitions(count, f)} under-replicated`)}`, detail: spread(params, f) }
      case 'brokerDown':
        return { what: sentence`Broker ${subject} ${strong('does not answer')}`, detail: '' }
      case 'groupBehind':
        return { what: sentence`${subject} ${strong('falls behind')}`, detail: lag(params, f) }
      case 'groupStopped':
        return { what: sentence`${subject} ${strong('has stopped')}`, detail: lag(params, f) }
      case 'groupStuck':
        return {
          what: sentence`${subject} ${strong('is stuck')}`,
          detail: count === 0 ? lag(params, f) : `${partitions(count, f)} do not move`,
        }
      case 'collectorStale':
        return { what: sentence`${strong('Figures are old')}`, detail: 'the cluster is not answering in full' }
    }
  },

  incident(incident: Incident, f: Formats): Sentence {
    const count = numberParam(incident.params, 'partitions') ?? 0
    switch (incident.rule) {
      case 'under_replicated':
        return sentence`${partitions(count, f)} under-replicated${of(incident.params, f)}`
      case 'offline_partitions':
        return sentence`${partitions(count, f)} offline${of(incident.params, f)}`
      case 'broker_down':
        return sentence`Broker ${link('broker', incident.subject.id)} is down`
    }
  },

  next(subject: AttentionItem['subject']): string {
    switch (subject.kind) {
      case 'broker':
        return 'Open broker'
      case 'group':
        return 'Open group'
      case 'topic':
        return 'Open topic'
      case 'cluster':
        return 'Show topics'
    }
  },

  nothingBefore: 'No change of it was seen before',
}

function which(params: Params, f: Formats): string {
  const partition = numberParam(params, 'partition')
  const count = numberParam(params, 'partitions') ?? 1
  return count === 1 && partition !== undefined ? `partition ${partition}` : partitions(count, f)
}

function byBroker(params: Params, otherwise: string): Piece | string {
  const broker = textParam(params, 'broker')
  return broker === undefined ? otherwise : link('broker', broker, `Broker ${broker}'s replica`)
}

function fromTo(from: string | undefined, to: string | undefined): string {
  if (to === undefined) return ''
  return from === undefined ? ` to broker ${to}` : ` from broker ${from} to broker ${to}`
}

function shape(params: Params, f: Formats): string {
  const count = numberParam(params, 'partitions')
  const replication = numberParam(params, 'replicationFactor')
  if (count === undefined) return ''
  return replication === undefined ? ` with ${partitions(count, f)}` : ` with ${partitions(count, f)} × ${replication}`
}

function spread(params: Params, f: Formats): string {
  const names = textParam(params, 'brokers')
  const topic = textParam(params, 'topic')
  const count = numberParam(params, 'topics')
  const where = topic ?? (count === undefined ? '' : topics(count, f))
  if (names === undefined || names === '') return where
  const cause = names.includes(',') ? `brokers ${names} missing` : `broker ${names} missing`
  return where === '' ? cause : `${where}, ${cause}`
}

function lag(params: Params, f: Formats): string {
  const seconds = numberParam(params, 'lagSeconds')
  const count = numberParam(params, 'lagRecords')
  if (seconds === undefined) return count === undefined ? '' : records(count, f)
  return count === undefined ? f.duration(seconds * 1_000) : `${f.duration(seconds * 1_000)}, ${records(count, f)}`
}

function of(params: Params, f: Formats): string {
  const count = numberParam(params, 'topics')
  const names = textParam(params, 'brokers')
  const where = count === undefined ? '' : ` in ${topics(count, f)}`
  return names === undefined || names === '' ? where : `${where}, missing on broker ${names}`
}
