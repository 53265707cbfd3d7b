import type { Overview } from '../../contract/cluster.ts'
import type { Formats } from '../formats.ts'
import { groups, partitions, topics } from './nouns.ts'

export const overview = {
  title: 'Overview',
  needsAttention: 'Needs attention',
  what: 'What',
  since: 'Since',
  before: 'Just before',
  next: 'Next',
  recordsIn: 'Records in',
  bytesIn: 'Bytes in',
  lag: 'Lag',
  lagUnit: 'records',
  slowest: 'slowest',
  underReplicated: 'Under-replicated',
  underReplicatedUnit: 'partitions',
  historySince: (time: string) => `History begins at ${time}: the lines above start there.`,
  brokers: 'Brokers',
  controller: 'controller',
  leaders: 'leaders',
  disk: 'disk',
  downSince: (time: string) => `down since ${time}`,
  down: 'down',
  slowestGroups: 'Slowest groups',
  slowestGroupsUnit: 'time behind',
  noneBehind: 'Every group has read everything.',
  lagUnknown: 'How far the groups are behind is not known now.',
  noGroups: 'No consumer group has committed an offset yet.',
  busiestTopics: 'Busiest topics',
  busiestTopicsUnit: 'records a second',
  noneBusy: 'No topic is known to be written to now.',
  noTopics: 'No topic of yours yet.',
  changes: 'Changed in the last 24 h',
  noChanges: 'Nothing has changed since the console started.',
  all: 'All',
  counts({ topics: all, userTopics, partitions: ofAll, groups: known }: Overview['counts'], f: Formats): string {
    const internal = all === userTopics ? '' : ` and ${f.count(all - userTopics)} internal`
    const readers = known === null ? '' : `, ${groups(known, f)}`
    return `${topics(userTopics, f)}${internal}, ${partitions(ofAll, f)}${readers}`
  },
  roundCost: (requests: string, bytes: string, duration: string) =>
    `The last round took ${requests} requests, ${bytes} and ${duration}.`,
  emptyTitle: 'The cluster is running and empty',
  emptyDemo:
    'See it move: producers and consumers of an invented shop, with a group that keeps up, one that lags and recovers, and one that stops.',
  emptyClient: 'Or point your own client at it. The bootstrap address is',
  emptyTopic: 'Create a topic',
}
