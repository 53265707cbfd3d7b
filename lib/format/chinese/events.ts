import type { Dictionary } from '../english.ts'
import type { Formats } from '../formats.ts'
import { numberParam, type Params, textParam } from '../params.ts'
import { link, type Piece, sentence, strong } from '../sentence.ts'

export const events: Dictionary['events'] = {
  change(row, f) {
    const subject = link(row.subject.kind, row.subject.id)
    const from = textParam(row.params, 'from')
    const to = textParam(row.params, 'to')
    switch (row.code) {
      case 'brokerDown':
        return sentence`Broker ${subject} 停止响应`
      case 'brokerUp':
        return sentence`Broker ${subject} 恢复`
      case 'brokerProcessRestarted':
        return sentence`Broker ${subject} 的进程被重新启动`
      case 'controllerMoved':
        return from === undefined
          ? sentence`Broker ${to ?? row.subject.id} 成为 controller`
          : sentence`Controller 从 broker ${from} 移到 broker ${to ?? row.subject.id}`
      case 'topicCreated':
        return sentence`创建了主题 ${subject}${shape(row.params, f)}`
      case 'topicDeleted':
        return sentence`删除了主题 ${strong(row.subject.id)}`
      case 'partitionsAdded':
        return sentence`${subject} 的分区从 ${from ?? '?'} 个增加到 ${to ?? '?'} 个`
      case 'leaderMoved':
        return sentence`${subject} ${which(row.params, f)}的 leader 移动${fromTo(from, to)}`
      case 'isrShrunk':
        return sentence`${subject} ${which(row.params, f)}在${ofBroker(row.params)}的副本不再同步`
      case 'isrGrown':
        return sentence`${subject} ${which(row.params, f)}在${ofBroker(row.params)}的副本恢复同步`
      case 'groupStateChanged':
        return sentence`消费组 ${subject} 从 ${from ?? '?'} 变为 ${to ?? '?'}`
      case 'groupMembersChanged':
        return sentence`消费组 ${subject} 的成员从 ${from ?? '?'} 个变为 ${to ?? '0'} 个`
    }
  },

  attention(item, f) {
    const { params } = item
    const count = numberParam(params, 'partitions') ?? 0
    const subject = link(item.subject.kind, item.subject.id)
    switch (item.code) {
      case 'offlinePartitions':
        return { what: sentence`${strong(`${f.count(count)} 个分区离线`)}`, detail: spread(params, f) }
      case 'underMinIsr':
        return { what: sentence`${strong(`${f.count(count)} 个分区拒绝 acks=all 写入`)}`, detail: spread(params, f) }
      case 'underReplicated':
        return { what: sentence`${strong(`${f.count(count)} 个分区副本不足`)}`, detail: spread(params, f) }
      case 'brokerDown':
        return { what: sentence`Broker ${subject} ${strong('停止响应')}`, detail: '' }
      case 'groupBehind':
        return { what: sentence`${subject} ${strong('越来越落后')}`, detail: lag(params, f) }
      case 'groupStopped':
        return { what: sentence`${subject} ${strong('已停止')}`, detail: lag(params, f) }
      case 'groupStuck':
        return {
          what: sentence`${subject} ${strong('卡住了')}`,
          detail: count === 0 ? lag(params, f) : `${f.count(count)} 个分区没有前进`,
        }
      case 'collectorStale':
        return { what: sentence`${strong('数据陈旧')}`, detail: '集群没有完整响应' }
    }
  },

  incident(incident, f) {
    const count = numberParam(incident.params, 'partitions') ?? 0
    switch (incident.rule) {
      case 'under_replicated':
        return sentence`${f.count(count)} 个分区副本不足${of(incident.params, f)}`
      case 'offline_partitions':
        return sentence`${f.count(count)} 个分区离线${of(incident.params, f)}`
      case 'broker_down':
        return sentence`Broker ${link('broker', incident.subject.id)} 停止响应`
    }
  },

  next(subject) {
    switch (subject.kind) {
      case 'broker':
        return '打开 broker'
      case 'group':
        return '打开消费组'
      case 'topic':
        return '打开主题'
      case 'cluster':
        return '查看主题'
    }
  },

  nothingBefore: '之前没有观察到它的变化',
}

function which(params: Params, f: Formats): string {
  const partition = numberParam(params, 'partition')
  const count = numberParam(params, 'partitions') ?? 1
  return count === 1 && partition !== undefined ? `分区 ${partition} ` : `${f.count(count)} 个分区`
}

function ofBroker(params: Params): Piece | string {
  const broker = textParam(params, 'broker')
  return broker === undefined ? '某个 broker 上' : link('broker', broker, ` broker ${broker} 上`)
}

function fromTo(from: string | undefined, to: string | undefined): string {
  if (to === undefined) return ''
  return from === undefined ? `到 broker ${to}` : `：broker ${from} → broker ${to}`
}

function shape(params: Params, f: Formats): string {
  const count = numberParam(params, 'partitions')
  const replication = numberParam(params, 'replicationFactor')
  if (count === undefined) return ''
  return replication === undefined ? `，${f.count(count)} 个分区` : `，${f.count(count)} 个分区，${replication} 个副本`
}

function spread(params: Params, f: Formats): string {
  const names = textParam(params, 'brokers')
  const count = numberParam(params, 'topics')
  const where = textParam(params, 'topic') ?? (count === undefined ? '' : `${f.count(count)} 个主题`)
  if (names === undefined || names === '') return where
  return where === '' ? `缺少 broker ${names}` : `${where}，缺少 broker ${names}`
}

function lag(params: Params, f: Formats): string {
  const seconds = numberParam(params, 'lagSeconds')
  const count = numberParam(params, 'lagRecords')
  if (seconds === undefined) return count === undefined ? '' : `${f.count(count)} 条记录`
  return count === undefined ? f.duration(seconds * 1_000) : `${f.duration(seconds * 1_000)}，${f.count(count)} 条记录`
}

function of(params: Params, f: Formats): string {
  const count = numberParam(params, 'topics')
  const names = textParam(params, 'brokers')
  const where = count === undefined ? '' : `，涉及 ${f.count(count)} 个主题`
  return names === undefined || names === '' ? where : `${where}，缺少 broker ${names} 上的副本`
}
