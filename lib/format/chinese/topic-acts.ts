import type { Dictionary } from '../english.ts'

export const topicActs: Dictionary['topicActs'] = {
  createTitle: '创建主题',
  name: '名称',
  nameHelp: '字母、数字、点、下划线和连字符，最多 249 个字符。之后不能改名。',
  partitions: '分区数',
  partitionsHelp: (value) => `broker 的默认值是 ${value}。以后可以增加，不能减少。`,
  replication: '副本数',
  replicationHelp: (value, brokers) => `broker 的默认值是 ${value}；共有 ${brokers} 个 broker。`,
  minInSync: '最小同步副本数',
  minInSyncHelp: (value) => `acks=all 应答之前，必须有多少个副本拥有该记录。默认 ${value}。`,
  cleanup: '清理',
  cleanupHelp: '旧记录如何处理。',
  cleanupChoices: { delete: '按时间和大小删除', compact: '保留每个键的最新记录', 'compact,delete': '两者都用' },
  retention: '记录保留',
  retentionHelp: (value) => `默认是 ${value}。`,
  retentionChoices: { hour: '1 小时', day: '1 天', week: '7 天', month: '30 天', year: '1 年', forever: '永久' },
  retentionDefault: (value) => `默认，${value}`,
  retentionCustom: '其他（毫秒）',
  retentionMs: '毫秒',
  otherConfigs: '其他配置',
  addConfig: '添加配置',
  addConfigHint: '按名称或作用搜索',
  removeConfig: (name) => `移除 ${name}`,
  configDefault: (value) => `默认：${value}。`,
  submit: '创建主题',
  willExist: '将会存在',
  summaryUnnamed: '填写名称后显示将会创建什么。',
  summaryTopic: (partitions, replicas) => `${partitions} 个分区，每个 ${replicas} 个副本`,
  summaryReplicas: (total, brokers, each) => `共 ${total} 个副本，分布在 ${brokers} 个 broker 上，每个约 ${each} 个`,
  summaryDisk: (bytes) => `达到保留上限后最多占用 ${bytes} 磁盘`,
  summaryDiskUnknown: 'retention.bytes 没有限制磁盘：取决于保留时间内写入多少。',
  warnings: '值得注意',
  command: '终端中的等价命令',
  checking: '正在询问集群',
  accepted: '集群接受这个主题。',
  refused: '集群拒绝：',
  notChecked: '各项填写正确后由集群检查。',
  checkFailed: '无法询问集群。仍可以尝试创建。',
  draftKept: '已恢复离开页面之前填写的内容。',
  discardDraft: '重新开始',

  nameFault(fault) {
    switch (fault.code) {
      case 'empty':
        return '需要填写名称。'
      case 'tooLong':
        return `${fault.length} 个字符：最多允许 249 个。`
      case 'dots':
        return 'Kafka 保留了“.”和“..”。'
      case 'character':
        return `不允许“${fault.character}”：使用字母、数字、点、下划线和连字符。`
      case 'taken':
        return '已有同名主题。'
      case 'collides':
        return `与 ${fault.topic} 冲突：在 Kafka 的指标中，点和下划线相同。`
    }
  },

  configFault(fault) {
    switch (fault.code) {
      case 'notInteger':
        return '需要整数。'
      case 'notNumber':
        return '需要数字。'
      case 'notBoolean':
        return '需要 true 或 false。'
      case 'belowMin':
        return `至少 ${fault.min}。`
      case 'aboveMax':
        return `最多 ${fault.max}。`
      case 'notOneOf':
        return `可选：${fault.allowed.join('、')}。`
    }
  },

  warning(warning, f) {
    switch (warning.code) {
      case 'singleReplica':
        return '只有一个副本：所在 broker 停止时分区离线；磁盘损坏时记录丢失。'
      case 'minInSyncIsAll':
        return '最小 ISR 等于副本数：停一个 broker，acks=all 写入就会停止。'
      case 'minInSyncAboveReplication':
        return `最小 ISR ${warning.minInSync} 大于 ${warning.replicationFactor} 个副本：acks=all 写入总会被拒绝。`
      case 'manyPartitions':
        return `${f.exact(warning.partitions)} 个分区：每个分区在每个副本上都要占用文件、内存和故障切换时间。`
      case 'replicationAboveBrokers':
        return `只有 ${warning.brokers} 个 broker：副本数不能是 ${warning.replicationFactor}。`
      case 'mixedSeparators':
        return '在 Kafka 的指标中点和下划线相同：一个名称只用其中一种。'
      case 'keptForever':
        return '没有任何保留限制：磁盘迟早会满。'
    }
  },

  deleteTitle: (name) => `删除主题 ${name}`,
  deleteCost: (count, partitions, f) =>
    count === null
      ? `${partitions} 个分区中的所有记录将在每个副本上删除，数量未知。`
      : `${partitions} 个分区中的 ${f.count(count)} 条记录将在每个副本上删除。`,
  deleteBytes: (bytes) => `释放 ${bytes} 磁盘。`,
  deleteTraffic: (rate) => `目前仍在写入：${rate} 条记录。生产者可能会自动重新创建它。`,
  deleteGroups: (count, active) => {
    if (count === 0) return '没有消费组读取它。'
    return active === 0
      ? `${count} 个消费组读取它，目前都不活跃：`
      : `${count} 个消费组读取它，其中 ${active} 个正在读取：`
  },
  deleteNoUndo: '此操作不能撤销。',
  deleteConfirm: '输入主题名称',
  deleteSubmit: '删除主题',
}
