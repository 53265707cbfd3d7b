// node-rdkafka against the cluster that `BOOTSTRAP` names: `node --test-name-pattern='^…$' scenarios.js`.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import test from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import librdkafka from 'node-rdkafka'

const { AdminClient, CODES, KafkaConsumer, Producer } = librdkafka
const settings = { 'metadata.broker.list': process.env.BOOTSTRAP }
const timeoutMs = 60_000

const unique = (name) => `${name}-${randomUUID().slice(0, 8)}`
const call = (client, method, ...args) => promisify(client[method].bind(client))(...args)

async function waitFor(what, probe) {
  const deadline = Date.now() + timeoutMs
  while (Date.now() < deadline) {
    const value = await probe()
    if (value) return value
    await sleep(20)
  }
  throw new Error(`${what}: not within ${timeoutMs} ms`)
}

async function createTopic(name, partitions = 1) {
  const topic = unique(name)
  const admin = AdminClient.create(settings)
  await call(admin, 'createTopic', { topic, num_partitions: partitions, replication_factor: 3 }, timeoutMs)
  admin.disconnect()
  return topic
}

async function withProducer(options, use) {
  const producer = new Producer({ ...settings, dr_cb: true, ...options })
  const reports = []
  producer.on('delivery-report', (error, report) => reports.push({ error, report }))
  await call(producer, 'connect', {})
  producer.setPollInterval(20)
  const produce = async (topic, values, { partition = 0, key = null, timestamp, headers } = {}) => {
    const awaited = reports.length + values.length
    for (const value of values) producer.produce(topic, partition, value, key, timestamp, undefined, headers)
    await waitFor('the delivery reports', () => reports.length >= awaited)
    for (const { error } of reports) assert.equal(error, null)
  }
  try {
    return await use({ producer, produce })
  } finally {
    await call(producer, 'disconnect')
  }
}

/** A member of a group that knows what it has been given. */
async function join(group, topic, options = {}) {
  const member = { owned: 0, records: [] }
  const consumer = new KafkaConsumer(
    {
      ...settings,
      'group.id': group,
      ...options,
      rebalance_cb(error, partitions) {
        const isAssigned = error.code === CODES.ERRORS.ERR__ASSIGN_PARTITIONS
        member.owned = isAssigned ? partitions.length : 0
        if (isAssigned) this.assign(partitions)
        else this.unassign()
      },
    },
    { 'auto.offset.reset': 'earliest' },
  )
  consumer.on('data', (record) => member.records.push(record))
  await call(consumer, 'connect', {})
  consumer.subscribe([topic])
  consumer.consume()
  member.values = () => member.records.map(({ value }) => value.toString())
  member.leave = () => call(consumer, 'disconnect')
  return member
}

async function read(topic, count, options) {
  const member = await join(unique('reader'), topic, options)
  await waitFor(`${count} records`, () => member.records.length >= count)
  await member.leave()
  return member
}

test('produces with every codec and reads it back', async () => {
  const topic = await createTopic('codecs')
  const expected = []
  for (const codec of ['none', 'gzip', 'snappy', 'lz4', 'zstd']) {
    for (const idempotence of [false, true]) {
      const values = Array.from({ length: 20 }, (_, i) => `${codec} ${idempotence} ${i}`)
      const options = { 'compression.codec': codec, 'enable.idempotence': idempotence, 'linger.ms': 20 }
      await withProducer(options, ({ produce }) => produce(topic, values.map(Buffer.from)))
      expected.push(...values)
    }
  }
  assert.deepEqual((await read(topic, expected.length)).values(), expected)
})

test('carries keys, headers and timestamps', async () => {
  const topic = await createTopic('labelled')
  const timestamp = 1_600_000_000_000
  const labels = { key: 'key', timestamp, headers: [{ colour: 'red' }, { colour: 'blue' }] }
  await withProducer({}, ({ produce }) => produce(topic, [Buffer.from('value'), null], labels))
  const [first, second] = (await read(topic, 2)).records
  assert.deepEqual([first.key.toString(), first.value.toString(), first.timestamp], ['key', 'value', timestamp])
  const headers = first.headers.map((header) => Object.entries(header).map(([name, value]) => `${name}=${value}`))
  assert.deepEqual(headers.flat(), ['colour=red', 'colour=blue'])
  assert.equal(second.value, null)
})

test('commits and aborts transactions', async () => {
  const topic = await createTopic('transactional')
  await withProducer({ 'transactional.id': unique('writer') }, async ({ producer, produce }) => {
    await call(producer, 'initTransactions', timeoutMs)
    for (let i = 0; i < 6; i++) {
      await call(producer, 'beginTransaction')
      await produce(topic, [Buffer.from(`${i}`)])
      await call(producer, i % 2 === 0 ? 'commitTransaction' : 'abortTransaction', timeoutMs)
    }
  })
  const committed = await read(topic, 3, { 'isolation.level': 'read_committed' })
  assert.deepEqual(committed.values(), ['0', '2', '4'])
  const all = await read(topic, 6, { 'isolation.level': 'read_uncommitted' })
  assert.deepEqual(all.values(), ['0', '1', '2', '3', '4', '5'])
})

test('two consumers of a group share the partitions, and one that leaves hands its own over', async () => {
  const topic = await createTopic('shared', 4)
  const group = unique('sharers')
  const [first, second] = await Promise.all([join(group, topic), join(group, topic)])
  await waitFor('two each', () => first.owned === 2 && second.owned === 2)
  await withProducer({}, async ({ produce }) => {
    for (const partition of [0, 1, 2, 3]) await produce(topic, [Buffer.from(`${partition}`)], { partition })
  })
  const seen = () => [...first.values(), ...second.values()].toSorted()
  await waitFor('all records', () => seen().length >= 4)
  assert.deepEqual(seen(), ['0', '1', '2', '3'])
  await second.leave()
  await waitFor('all four', () => first.owned === 4)
  await first.leave()
})

test('administers topics', async () => {
  const topic = await createTopic('administered')
  const admin = AdminClient.create(settings)
  const again = call(admin, 'createTopic', { topic, num_partitions: 1, replication_factor: 1 }, timeoutMs)
  await assert.rejects(again, { code: CODES.ERRORS.ERR_TOPIC_ALREADY_EXISTS })
  await call(admin, 'createPartitions', topic, 3, timeoutMs)
  const fewer = call(admin, 'createPartitions', topic, 2, timeoutMs)
  await assert.rejects(fewer, { code: CODES.ERRORS.ERR_INVALID_PARTITIONS })
  await call(admin, 'deleteTopic', topic, timeoutMs)
  const gone = call(admin, 'deleteTopic', topic, timeoutMs)
  await assert.rejects(gone, { code: CODES.ERRORS.ERR_UNKNOWN_TOPIC_OR_PART })
  admin.disconnect()
})
