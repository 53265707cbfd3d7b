import { parentPort, workerData } from 'node:worker_threads'
import { Consumer } from '@platformatic/kafka'
import kafkajs from 'kafkajs'
import { heartbeatMs, sessionMs } from './member-timing.js'

// A member of a group on a thread of its own. When the thread is terminated its sockets close without a word, as those
// of a killed process do. Plain JavaScript: Node 20 runs nothing else in a worker.
const { client, bootstrap, group, topic } = workerData
const brokers = bootstrap.split(',')
await (client === 'kafkajs' ? joinWithKafkajs() : joinWithPlatformatic())
parentPort.postMessage('joined')

async function joinWithKafkajs() {
  const kafka = new kafkajs.Kafka({ brokers, logLevel: kafkajs.logLevel.NOTHING })
  const consumer = kafka.consumer({ groupId: group, sessionTimeout: sessionMs, heartbeatInterval: heartbeatMs })
  const joined = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve))
  await consumer.connect()
  await consumer.subscribe({ topic })
  await consumer.run({ eachMessage: async () => undefined })
  await joined
}

async function joinWithPlatformatic() {
  const consumer = new Consumer({
    clientId: 'dying',
    bootstrapBrokers: brokers,
    groupId: group,
    sessionTimeout: sessionMs,
    heartbeatInterval: heartbeatMs,
    rebalanceTimeout: 10_000,
  })
  const stream = await consumer.consume({ topics: [topic], mode: 'latest' })
  stream.on('data', () => undefined)
}
