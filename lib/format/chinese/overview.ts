import type { Dictionary } from '../english.ts'

export const overview: Dictionary['overview'] = {
  title: '概览',
  needsAttention: '需要处理',
  what: '情况',
  since: '开始于',
  before: '之前发生',
  next: '下一步',
  recordsIn: '写入记录',
  bytesIn: '写入字节',
  lag: '消费滞后',
  lagUnit: '条记录',
  slowest: '最慢',
  underReplicated: '副本不足',
  underReplicatedUnit: '个分区',
  historySince: (time) => `历史从 ${time} 开始，上面的曲线由此画起。`,
  brokers: 'Broker',
  controller: 'controller',
  leaders: 'leader',
  disk: '磁盘',
  downSince: (time) => `自 ${time} 起停止响应`,
  down: '停止响应',
  slowestGroups: '最慢的消费组',
  slowestGroupsUnit: '落后时间',
  noneBehind: '所有消费组都已读完。',
  noGroups: '还没有消费组提交过位移。',
  busiestTopics: '最繁忙的主题',
  busiestTopicsUnit: '每秒记录数',
  noTopics: '还没有你的主题。',
  changes: '最近 24 小时的变更',
  noChanges: '控制台启动以来没有变化。',
  all: '全部',
  counts({ topics, userTopics, partitions, groups }, f) {
    const internal = topics === userTopics ? '' : `和 ${f.count(topics - userTopics)} 个内部主题`
    const readers = groups === null ? '' : `，${f.count(groups)} 个消费组`
    return `${f.count(userTopics)} 个主题${internal}，共 ${f.count(partitions)} 个分区${readers}`
  },
  roundCost: (requests, bytes, duration) => `上一轮采集：${requests} 个请求，${bytes}，耗时 ${duration}。`,
  emptyTitle: '集群正在运行，还是空的',
  emptyDemo: '看它动起来：一家虚构商店的生产者和消费者，一个消费组跟得上，一个落后后恢复，一个停止。',
  emptyClient: '或者用你自己的客户端连接。Bootstrap 地址是',
  emptyTopic: '创建主题',
}
