import type { ClusterVerdict } from '../../contract/verdict.ts'
import type { Dictionary } from '../english.ts'
import type { Formats } from '../formats.ts'
import { link, paragraph, type Sentence, sentence, strong } from '../sentence.ts'

const nothing: Sentence = []

export const verdicts: Dictionary['verdicts'] = {
  cluster(verdict, f) {
    switch (verdict.code) {
      case 'allWell':
        return paragraph(
          '',
          sentence`${strong('一切正常。')}${f.count(verdict.brokers)} 个 broker，${f.count(verdict.partitions)} 个分区全部同步。`,
          groupsKeepingUp(verdict, f),
        )
      case 'replicasMissing':
        return paragraph('', replicasMissing(verdict, f), missingReplicasRisk(verdict, f))
      case 'groupsBehind':
        return groupsBehind(verdict, f)
      case 'brokersDown':
        return sentence`${strong('集群有风险：')}broker ${verdict.brokersDown.join('、')} ${since(verdict.sinceMs, f)}停止响应。所有分区的副本仍保持同步。`
      case 'unreachable':
        return sentence`${strong('无法连接集群')}（${since(verdict.sinceMs, f)}${verdict.reason}）。下面是最后一次读到的数据。`
      case 'starting':
        return sentence`${strong('正在首次读取集群。')}第一轮采集完成后显示数据。`
    }
  },

  topic(name, verdict, f) {
    const topic = strong(name)
    switch (verdict.code) {
      case 'inSync': {
        const rate = verdict.recordsInPerSecond
        const traffic = rate === null ? '' : rate === 0 ? '目前没有写入。' : `目前写入速率 ${f.rate(rate)}。`
        return sentence`${topic} 正常：${f.count(verdict.partitions)} 个分区，每个分区的 ${verdict.replicationFactor} 个副本全部同步。${traffic}`
      }
      case 'replicasMissing': {
        const missing =
          verdict.missingBrokers.length === 0 ? '' : `，缺少的副本在 broker ${verdict.missingBrokers.join('、')} 上`
        const first =
          verdict.offline > 0
            ? sentence`${topic} ${strong('部分离线')}：${f.count(verdict.partitions)} 个分区中有 ${f.exact(verdict.offline)} 个${since(verdict.sinceMs, f)}没有 leader${missing}。`
            : sentence`${topic} ${strong('有风险')}：${f.count(verdict.partitions)} 个分区中有 ${f.exact(verdict.underReplicated)} 个${since(verdict.sinceMs, f)}缺少副本${missing}。`
        const refused = verdict.belowMinIsr ?? 0
        return refused === 0
          ? first
          : paragraph('', first, sentence`其中 ${f.exact(refused)} 个分区现在拒绝 acks=all 写入。`)
      }
      case 'unknown':
        return sentence`${topic} 的状态未知：${verdict.reason}`
    }
  },

  broker(broker, f) {
    const name = strong(`Broker ${broker.id}`)
    if (broker.state === 'down') {
      return sentence`${name} ${since(broker.stateSinceMs, f)}${strong('停止响应')}：在它恢复之前，它的 ${f.exact(broker.replicas)} 个副本不同步。`
    }
    if (broker.outOfSyncReplicas > 0) {
      return sentence`${name} 在线，但它的 ${f.exact(broker.replicas)} 个副本中有 ${f.exact(broker.outOfSyncReplicas)} 个不同步。`
    }
    return sentence`${name} 在线：它的 ${f.exact(broker.replicas)} 个副本全部同步，其中 ${f.exact(broker.leaders)} 个是 leader。`
  },

  group(id, verdict, f) {
    const group = strong(id)
    const lag = verdict.lagRecords === null ? '' : `（${f.count(verdict.lagRecords)} 条记录）`
    const distance = verdict.lagSeconds === null ? `落后${lag}` : `落后 ${f.duration(verdict.lagSeconds * 1_000)}${lag}`
    switch (verdict.code) {
      case 'keepingUp':
        return (verdict.lagRecords ?? 0) === 0
          ? sentence`${group} 跟得上：已全部读完。`
          : sentence`${group} 跟得上：${distance}。`
      case 'catchingUp':
        return verdict.drainSeconds === null
          ? sentence`${group} ${distance}，正在追赶。`
          : sentence`${group} ${distance}，正在追赶：按目前速度约 ${f.duration(verdict.drainSeconds * 1_000)}后追上。`
      case 'fallingBehind':
        return sentence`${group} ${strong(distance)}，${since(verdict.sinceMs, f)}差距还在扩大。`
      case 'stuck':
        return sentence`${group} ${strong('卡住了')}：${f.count(verdict.partitions)} 个分区中有 ${f.exact(verdict.stuckPartitions)} 个${since(verdict.sinceMs, f)}没有前进，而仍有记录待读。目前${distance}。`
      case 'stopped':
        return sentence`${group} ${strong('已停止')}：${since(verdict.sinceMs, f)}没有成员在读取，目前${distance}。`
      case 'idle':
        return sentence`${group} 空闲：${members(verdict.members, f)}，没有可读的记录。`
      case 'notCommitting':
        return sentence`${group} 有${members(verdict.members, f)}，但从未提交位移：无法得知其落后程度。`
      case 'unknown':
        return sentence`${group} 的进度未知：需要多于一轮的采集。`
    }
  },
}

function groupsKeepingUp(verdict: Extract<ClusterVerdict, { code: 'allWell' }>, f: Formats): Sentence {
  if (verdict.groups === null) return nothing
  if (verdict.groups === 0) return sentence`还没有消费组。`
  const keeping = verdict.groupsKeepingUp ?? verdict.groups
  const count =
    keeping === verdict.groups
      ? `${f.count(verdict.groups)} 个消费组全部跟得上`
      : `${f.count(verdict.groups)} 个消费组中 ${f.exact(keeping)} 个跟得上`
  return verdict.slowestGroup === null || verdict.slowestSeconds === null
    ? sentence`${count}。`
    : sentence`${count}；最慢的 ${link('group', verdict.slowestGroup)} 落后 ${f.duration(verdict.slowestSeconds * 1_000)}。`
}

function groupsBehind(verdict: Extract<ClusterVerdict, { code: 'groupsBehind' }>, f: Formats): Sentence {
  const { groups, stopped } = verdict
  const state =
    stopped === groups ? '已停止，仍有记录未读' : stopped === 0 ? '落后' : `落后，其中 ${f.exact(stopped)} 个已停止`
  const worst = link('group', verdict.worstGroup)
  return groups === 1
    ? sentence`${strong(`1 个消费组${state}：`)}${worst}${behind(verdict, f)}。`
    : sentence`${strong(`${f.exact(groups)} 个消费组${state}。`)}最严重的是 ${worst}${behind(verdict, f)}。`
}

type ReplicasMissing = Extract<ClusterVerdict, { code: 'replicasMissing' }>

function replicasMissing(verdict: ReplicasMissing, f: Formats): Sentence {
  const cause = verdict.brokersDown.length === 0 ? '' : `，broker ${verdict.brokersDown.join('、')} 停止响应`
  if (verdict.offline > 0) {
    return sentence`${strong(`${f.count(verdict.offline)} 个分区离线`)}，${since(verdict.sinceMs, f)}无法读写${cause}。另有 ${f.exact(verdict.underReplicated)} 个分区缺少副本。`
  }
  return sentence`${strong('集群有风险：')}${f.count(verdict.topics)} 个主题的 ${f.count(verdict.underReplicated)} 个分区${since(verdict.sinceMs, f)}缺少副本${cause}。`
}

function missingReplicasRisk(verdict: ReplicasMissing, f: Formats): Sentence {
  if (verdict.offline > 0) return nothing
  const refused = verdict.belowMinIsr ?? 0
  if (refused > 0) return sentence`其中 ${f.exact(refused)} 个分区现在拒绝 acks=all 写入。`
  const atLimit = verdict.atMinIsr ?? 0
  if (atLimit > 0) return sentence`没有数据丢失。再停一个 broker，其中 ${f.exact(atLimit)} 个分区将无法写入。`
  return sentence`没有数据丢失。`
}

function behind(verdict: { lagSeconds: number | null; lagRecords: number | null }, f: Formats): string {
  if (verdict.lagSeconds === null)
    return verdict.lagRecords === null ? '' : `，落后 ${f.count(verdict.lagRecords)} 条记录`
  const lag = verdict.lagRecords === null ? '' : `（${f.count(verdict.lagRecords)} 条记录）`
  return `，落后 ${f.duration(verdict.lagSeconds * 1_000)}${lag}`
}

function members(count: number | null, f: Formats): string {
  if (count === null) return '未知数量的成员'
  return count === 0 ? '没有成员' : ` ${f.exact(count)} 个成员`
}

function since(atMs: number | null, f: Formats): string {
  return atMs === null ? '' : `自 ${f.time(atMs)} 起`
}
