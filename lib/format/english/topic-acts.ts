import type { ConfigValueFault } from '../../domain/topic-config-value.ts'
import type { TopicNameFault } from '../../domain/topic-name.ts'
import type { TopicWarning } from '../../domain/topic-warnings.ts'
import type { Formats } from '../formats.ts'
import { records } from './nouns.ts'

/** Creating and deleting topics. */
export const topicActs = {
  createTitle: 'Create topic',
  name: 'Name',
  nameHelp: 'Letters, digits, dot, underscore and hyphen; up to 249 characters. It cannot be renamed later.',
  partitions: 'Partitions',
  partitionsHelp: (value: number) => `The broker's default is ${value}. More can be added later, never fewer.`,
  replication: 'Replication factor',
  replicationHelp: (value: number, brokers: number) =>
    `The broker's default is ${value}; there are ${brokers} brokers.`,
  minInSync: 'Min in-sync replicas',
  minInSyncHelp: (value: string) =>
    `How many replicas must have a record before acks=all is answered. Default ${value}.`,
  cleanup: 'Cleanup',
  cleanupHelp: 'What happens to old records.',
  cleanupChoices: {
    delete: 'Delete by age and size',
    compact: 'Keep the newest of each key',
    'compact,delete': 'Both',
  },
  retention: 'Keep records for',
  retentionHelp: (value: string) => `The default is ${value}.`,
  retentionChoices: {
    hour: '1 hour',
    day: '1 day',
    week: '7 days',
    month: '30 days',
    year: '1 year',
    forever: 'for ever',
  },
  retentionDefault: (value: string) => `default, ${value}`,
  retentionCustom: 'other (ms)',
  retentionMs: 'Milliseconds',
  otherConfigs: 'Other configs',
  addConfig: 'Add a config',
  addConfigHint: 'Search by name or by what it does',
  removeConfig: (name: string) => `Remove ${name}`,
  configDefault: (value: string) => `Default: ${value}.`,
  submit: 'Create topic',
  willExist: 'What will exist',
  summaryUnnamed: 'Name the topic to see what will exist.',
  summaryTopic: (partitions: string, replicas: string) => `${partitions} partitions, ${replicas} replicas each`,
  summaryReplicas: (total: string, brokers: string, each: string) =>
    `${total} replicas over ${brokers} brokers, about ${each} on each`,
  summaryDisk: (bytes: string) => `At most ${bytes} on disk once retention is reached`,
  summaryDiskUnknown: 'Disk is not bounded by retention.bytes: it depends on what is written in the retention time.',
  warnings: 'Worth knowing',
  command: 'The same from a terminal',
  checking: 'Asking the cluster',
  accepted: 'The cluster accepts this.',
  refused: 'The cluster refuses this:',
  notChecked: 'The cluster checks once the fields are right.',
  checkFailed: 'The cluster could not be asked. Creating may still work.',
  draftKept: 'Restored from before the page was left.',
  discardDraft: 'Start over',

  nameFault(fault: TopicNameFault): string {
    switch (fault.code) {
      case 'empty':
        return 'Give the topic a name.'
      case 'tooLong':
        return `${fault.length} characters: at most 249 are allowed.`
      case 'dots':
        return 'Kafka reserves “.” and “..”.'
      case 'character':
        return `“${fault.character}” is not allowed: use letters, digits, dot, underscore and hyphen.`
      case 'taken':
        return 'A topic of this name exists.'
      case 'collides':
        return `Collides with ${fault.topic}: dot and underscore are the same in Kafka's metrics.`
    }
  },

  configFault(fault: ConfigValueFault): string {
    switch (fault.code) {
      case 'notInteger':
        return 'Write a whole number.'
      case 'notNumber':
        return 'Write a number.'
      case 'notBoolean':
        return 'Write true or false.'
      case 'belowMin':
        return `At least ${fault.min}.`
      case 'aboveMax':
        return `At most ${fault.max}.`
      case 'notOneOf':
        return `One of ${fault.allowed.join(', ')}.`
    }
  },

  warning(warning: TopicWarning, f: Formats): string {
    switch (warning.code) {
      case 'singleReplica':
        return 'One replica: when its broker is down, the partition is offline; when its disk is lost, so are the records.'
      case 'minInSyncIsAll':
        return 'Min ISR equals the replication factor: one broker down stops acks=all writes.'
      case 'minInSyncAboveReplication':
        return `Min ISR ${warning.minInSync} is more than ${warning.replicationFactor} replicas: acks=all writes are always refused.`
      case 'manyPartitions':
        return `${f.exact(warning.partitions)} partitions: each costs files, memory and time at failover on every replica.`
      case 'replicationAboveBrokers':
        return `Only ${warning.brokers} brokers: the replication factor cannot be ${warning.replicationFactor}.`
      case 'mixedSeparators':
        return 'Dots and underscores in one name are the same in Kafka’s metrics: choose one.'
      case 'keptForever':
        return 'Nothing limits what is kept: disks fill in time.'
    }
  },

  deleteTitle: (name: string) => `Delete topic ${name}`,
  deleteCost: (count: number | null, partitions: number, f: Formats) =>
    count === null
      ? `All records in ${partitions} partitions are deleted on every replica. How many is not known.`
      : `${records(count, f)} in ${partitions} ${partitions === 1 ? 'partition' : 'partitions'} are deleted on every replica.`,
  deleteBytes: (bytes: string) => `${bytes} of disk are freed.`,
  deleteTraffic: (rate: string) =>
    `It is being written now: ${rate} records. A producer may create it again by itself.`,
  deleteGroups: (count: number, active: number) =>
    count === 0
      ? 'No group reads it.'
      : `${count} ${count === 1 ? 'group reads' : 'groups read'} it${active === 0 ? ', none of them now' : active === 1 ? ', one of them now' : `, ${active} of them now`}:`,
  deleteNoUndo: 'This cannot be undone.',
  deleteConfirm: 'Type the name of the topic',
  deleteSubmit: 'Delete topic',
}
