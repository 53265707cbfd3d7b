import { beforeAll, describe, expect, test } from 'vitest'
import { type BothClusters, startBothClusters } from './both-clusters.ts'

const topics = 'org.apache.kafka.tools.TopicCommand'
const configs = 'kafka.admin.ConfigCommand'
const groups = 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand'

let clusters: BothClusters

beforeAll(async () => {
  clusters = await startBothClusters()
  return () => clusters.stop()
})

/** Runs the tool against both clusters and answers what ours made it say, once it is what Apache Kafka made it say. */
async function sayAlike(tool: string, command: string, options?: { input?: string }): Promise<string> {
  const { ours, apache } = await clusters.ask(tool, command.split(' '), options)
  expect(ours).toEqual(apache)
  return `${ours.stdout}\n${ours.stderr}`
}

describe('TopicCommand prints what it prints on Apache Kafka 4.3.1', () => {
  test.each([
    ['creates a topic with defaults', '--create --topic shop.orders', 'Created topic shop.orders.'],
    [
      'creates a topic on named replicas with configs',
      '--create --topic ledger --replica-assignment 1:2:3,2:3:1 --config cleanup.policy=compact --config segment.bytes=1048576',
      'Created topic ledger.',
    ],
    ['warns of names that metrics would confuse', '--create --topic shop_orders2 --partitions 2', 'underscore'],
    ['refuses a topic that exists', '--create --topic ledger', "Topic 'ledger' already exists."],
    ['creates nothing with --if-not-exists', '--create --topic ledger --if-not-exists', ''],
    [
      'refuses more replicas than brokers',
      '--create --topic wide --replication-factor 5',
      'The target replication factor of 5 cannot be reached because only 3 broker(s) are registered',
    ],
    ['refuses no replicas', '--create --topic none --replication-factor 0', 'replication factor must be'],
    ['refuses an unknown config', '--create --topic odd --config no.such=1', 'Unknown topic config name: no.such'],
    ['refuses a value out of range', '--create --topic odd --config segment.bytes=-1', 'Value must be at least'],
    ['refuses a value of another type', '--create --topic odd --config retention.ms=week', 'Not a number of type LONG'],
    ['refuses a name that is none', '--create --topic odd/name', 'contains one or more characters other than'],
    ['refuses one name for two', '--create --topic ledger. --replica-assignment 1:1', ''],
    ['describes a topic', '--describe --topic ledger', 'Leader: 2\tReplicas: 2,3,1\tIsr: 2,3,1'],
    ['misses an unknown topic', '--describe --topic nowhere', "Topic 'nowhere' does not exist as expected"],
    ['describes overridden topics', '--describe --topics-with-overrides', 'cleanup.policy=compact'],
    ['finds no trouble', '--describe --under-replicated-partitions', ''],
    ['finds nothing below min ISR', '--describe --under-min-isr-partitions', ''],
    ['adds partitions', '--alter --topic ledger --partitions 3 --replica-assignment 1:2:3,2:3:1,3:1:2', ''],
    ['takes no partitions away', '--alter --topic ledger --partitions 2', '2 would not be an increase'],
    ['describes the added partition', '--describe --topic ledger', 'Partition: 2\tLeader: 3\tReplicas: 3,1,2'],
    ['lists topics', '--list', 'ledger\nshop.orders'],
    ['deletes a topic', '--delete --topic shop.orders', ''],
    ['misses a deleted topic', '--delete --topic shop.orders', "Topic 'shop.orders' does not exist as expected"],
  ])('%s', async (_behaviour, command, words) => {
    expect(await sayAlike(topics, command)).toContain(words)
  })
})

describe('ConfigCommand prints what it prints on Apache Kafka 4.3.1', () => {
  const ledger = '--entity-type topics --entity-name ledger'
  test.each([
    ['describes every config of a topic', `--describe ${ledger} --all`, 'min.insync.replicas=2'],
    [
      'sets configs of a topic',
      `--alter ${ledger} --add-config retention.ms=60000,max.message.bytes=2000`,
      'Completed',
    ],
    ['describes overrides with their synonyms', `--describe ${ledger}`, 'DYNAMIC_TOPIC_CONFIG:retention.ms=60000'],
    ['removes a config of a topic', `--alter ${ledger} --delete-config retention.ms`, 'Completed'],
    ['appends to a list', `--alter ${ledger} --add-config cleanup.policy=[compact,delete]`, 'Completed'],
    ['describes what is left', `--describe ${ledger}`, 'cleanup.policy=compact,delete'],
    ['refuses an unknown config', `--alter ${ledger} --add-config no.such=1`, 'Unknown topic config name: no.such'],
    ['refuses a value that is none', `--alter ${ledger} --add-config cleanup.policy=burn`, 'String must be one of'],
    [
      'refuses a topic that does not exist',
      '--alter --entity-type topics --entity-name nowhere --add-config retention.ms=1',
      "The topic 'nowhere' does not exist.",
    ],
    ['describes no topic', '--describe --entity-type topics --entity-name nowhere', "doesn't exist"],
    [
      'sets a config of a broker',
      '--alter --entity-type brokers --entity-name 1 --add-config log.retention.ms=3600000',
      '',
    ],
    [
      'describes a broker',
      '--describe --entity-type brokers --entity-name 1',
      'DYNAMIC_BROKER_CONFIG:log.retention.ms',
    ],
    [
      'removes a config of a broker',
      '--alter --entity-type brokers --entity-name 1 --delete-config log.retention.ms',
      '',
    ],
    [
      'sets a config of all brokers',
      '--alter --entity-type brokers --entity-default --add-config log.retention.ms=7200000',
      '',
    ],
    ['describes all brokers', '--describe --entity-type brokers --entity-default', 'log.retention.ms=7200000'],
    [
      'refuses what a broker cannot change while it runs',
      '--alter --entity-type brokers --entity-name 1 --add-config node.id=7',
      'Cannot update these configs dynamically',
    ],
  ])('%s', async (_behaviour, command, words) => {
    expect(await sayAlike(configs, command)).toContain(words)
  })

  test('describes every config of a broker that ours has, with the same sources', async () => {
    const { ours, apache } = await clusters.ask(
      configs,
      '--describe --entity-type brokers --entity-name 1 --all'.split(' '),
    )
    const lines = (text: string) => text.split('\n').slice(1)
    // Where it runs, what only one of the two has, and what our brokers are started with (broker/cluster.ts).
    const own = new RegExp(
      `^\\s*(${[
        ...['listeners', 'log.dirs', 'process.roles', 'broker.disconnect.grace.ms'],
        ...['replica.lag.time.max.ms', 'leader.imbalance.check.interval.seconds'],
        ...['offsets.topic.segment.bytes', 'transaction.state.log.segment.bytes'],
        // Apache Kafka has streams groups as well.
        'group.coordinator.rebalance.protocols',
      ].join('|')})=`,
    )
    const told = lines(ours.stdout).filter((line) => !own.test(line))
    const toldByApache = new Set(lines(apache.stdout))
    expect(told.length).toBeGreaterThan(50)
    expect(told.filter((line) => !toldByApache.has(line))).toEqual([])
  })
})

describe('groups are told as Apache Kafka 4.3.1 tells them', () => {
  const consumer = 'org.apache.kafka.tools.consumer.ConsoleConsumer'

  test('records pass from ConsoleProducer to a group of ConsoleConsumer', async () => {
    await sayAlike(topics, '--create --topic parcels --replica-assignment 1:2:3')
    const lines = '1:red\n2:green\n3:blue\n'
    const produce = '--topic parcels --reader-property parse.key=true --reader-property key.separator=:'
    await sayAlike('org.apache.kafka.tools.ConsoleProducer', produce, { input: lines })
    const print = '--formatter-property print.key=true --formatter-property print.offset=true'
    const consume = `--topic parcels --group carriers --from-beginning --max-messages 3 ${print}`
    expect(await sayAlike(consumer, consume)).toContain('Offset:0\t1\tred\nOffset:1\t2\tgreen\nOffset:2\t3\tblue')
  })

  test.each([
    ['lists groups', '--list', 'carriers'],
    ['lists groups with state', '--list --state', 'Empty'],
    [
      'describes offsets',
      '--describe --group carriers',
      'parcels         0          3               3               0',
    ],
    ['describes members', '--describe --group carriers --members --verbose', 'no active members'],
    ['describes the state of an unknown group', '--describe --group nobody --state', 'Group nobody not found'],
    ['describes an unknown group', '--describe --group nobody', 'Group nobody not found'],
    ['shows a reset', '--reset-offsets --group carriers --topic parcels --to-earliest --dry-run', '0          0'],
    ['resets', '--reset-offsets --group carriers --topic parcels --shift-by -1 --execute', '0          2'],
    ['describes the reset', '--describe --group carriers', '0          2               3               1'],
    [
      'resets by time',
      '--reset-offsets --group carriers --topic parcels --to-datetime 2020-01-01T00:00:00.000 --execute',
      '',
    ],
    [
      'resets to an offset past the end',
      '--reset-offsets --group carriers --topic parcels --to-offset 99 --execute',
      '3',
    ],
    ['deletes offsets', '--delete-offsets --group carriers --topic parcels', 'Successful'],
    [
      'misses offsets of an unknown topic',
      '--delete-offsets --group carriers --topic nowhere',
      'UnknownTopicOrPartition',
    ],
    ['deletes a group', '--delete --group carriers', "('carriers') was successful"],
    ['misses a deleted group', '--delete --group carriers', 'GroupIdNotFoundException'],
  ])('ConsumerGroupCommand %s', async (_behaviour, command, words) => {
    expect(await sayAlike(groups, command)).toContain(words)
  })

  test('GroupsCommand lists no group when there is none', async () => {
    await sayAlike('org.apache.kafka.tools.GroupsCommand', '--list')
  })
})

describe('other tools print what they print on Apache Kafka 4.3.1', () => {
  test.each([
    ['GetOffsetShell', '--topic parcels', 'parcels:0:3'],
    ['GetOffsetShell', '--topic parcels --time earliest', 'parcels:0:0'],
    ['GetOffsetShell', '--topic parcels --time -4', 'parcels:0:0'],
    ['GetOffsetShell', '--topic parcels --time 0', 'parcels:0:0'],
    ['GetOffsetShell', '--topic nowhere', 'Could not match any topic-partitions'],
    [
      'LeaderElectionCommand',
      '--election-type preferred --topic parcels --partition 0',
      'Valid replica already elected',
    ],
    ['LeaderElectionCommand', '--election-type unclean --topic parcels --partition 0', 'Valid replica already elected'],
    ['LeaderElectionCommand', '--election-type preferred --topic nowhere --partition 0', 'No such topic as nowhere'],
    ['LeaderElectionCommand', '--election-type preferred --topic parcels --partition 9', 'No such partition'],
    ['LeaderElectionCommand', '--election-type preferred --all-topic-partitions', ''],
    ['reassign.ReassignPartitionsCommand', '--list', 'No partition reassignments found.'],
    ['ClusterTool', 'cluster-id', 'Cluster ID: ID'],
    ['ClusterTool', 'list-endpoints', 'unfenced'],
  ])('%s %s', async (tool, command, words) => {
    expect(await sayAlike(`org.apache.kafka.tools.${tool}`, command)).toContain(words)
  })

  test('ReassignPartitionsCommand verifies an assignment that is in place', async () => {
    const assignment = await clusters.writeFile({
      version: 1,
      partitions: [{ topic: 'parcels', partition: 0, replicas: [1, 2, 3] }],
    })
    const said = await sayAlike(
      'org.apache.kafka.tools.reassign.ReassignPartitionsCommand',
      `--verify --reassignment-json-file ${assignment}`,
    )
    expect(said).toContain('Reassignment of partition parcels-0 is completed.')
  })

  test.each([
    ['moves the start of a log', 2, 'low_watermark: 2'],
    ['refuses to go past the end', 99, 'OffsetOutOfRangeException'],
  ])('DeleteRecordsCommand %s', async (_behaviour, offset, words) => {
    const file = await clusters.writeFile({ version: 1, partitions: [{ topic: 'parcels', partition: 0, offset }] })
    const said = await sayAlike('org.apache.kafka.tools.DeleteRecordsCommand', `--offset-json-file ${file}`)
    expect(said).toContain(words)
  })
})

test('every API that is served has the versions that Apache Kafka 4.3.1 serves', async () => {
  const { ours, apache } = await clusters.ask('org.apache.kafka.tools.BrokerApiVersionsCommand', [])
  const ranges = (text: string) =>
    new Map(
      [...text.matchAll(/^\t(\w+)\(\d+\): (\d+(?: to \d+)?|UNSUPPORTED)/gm)].map(([, name, range]) => [name, range]),
    )
  const told = ranges(ours.stdout)
  const wanted = ranges(apache.stdout)
  const differing = [...wanted].filter(([name, range]) => told.get(name) !== range)
  expect(differing.map(([name]) => name)).toEqual(unserved)
  expect(unserved.map((name) => told.get(name) ?? 'UNSUPPORTED')).toEqual(unserved.map(() => 'UNSUPPORTED'))
  expect([...told.keys()].filter((name) => !wanted.has(name))).toEqual([])
})

/** What Apache Kafka's brokers answer and ours do not: delegation tokens, votes, streams groups. */
const unserved = [
  ...['CreateDelegationToken', 'RenewDelegationToken', 'ExpireDelegationToken', 'DescribeDelegationToken'],
  ...['AddRaftVoter', 'RemoveRaftVoter', 'StreamsGroupHeartbeat', 'StreamsGroupDescribe'],
]
