import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import kafkajs from 'kafkajs'
import { KafkaTransportError } from '../kafka/kafka-error.ts'
import { createDemoTopics } from './create-demo-topics.ts'
import { runGroup } from './run-group.ts'
import { runProducers } from './run-producers.ts'
import { groups, topics } from './shop.ts'

const rateDefault = 200
const rateMax = 10_000

await run()

/** Producers and consumers of an invented shop, until Ctrl-C. */
async function run(): Promise<void> {
  const stopping = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopping.abort())
  try {
    const { brokers, rate } = readOptions()
    const replicas = await createDemoTopics(brokers, topics)
    say(
      `Shop on ${brokers}: ${topics.map(({ name }) => name).join(', ')}, ${replicas} replicas each, ${rate} records/s.`,
    )
    for (const { id, topic, about } of groups) say(`${id} reads ${topic}: ${about}.`)
    say('Ctrl-C stops it.')
    const { signal } = stopping
    const kafka = new kafkajs.Kafka({
      clientId: 'shop',
      brokers: brokers.split(','),
      logLevel: kafkajs.logLevel.NOTHING,
    })
    await Promise.all([
      runProducers(kafka, { rate, signal }),
      ...groups.map((group) => runGroup(kafka, group, { signal, say })),
    ])
    say('Stopped.')
  } catch (error) {
    process.stderr.write(`${sentenceOf(error)}\n`)
    process.exitCode = 1
  }
  // Clients that were cut off in the middle keep timers.
  await delay(100)
  process.exit()
}

function readOptions(): { brokers: string; rate: number } {
  const { values } = parseArgs({ options: { brokers: { type: 'string' }, rate: { type: 'string' } } })
  const port = Number(process.env.EYRIE_KAFKA_PORT || 9092)
  // All three: one of them may be the one that is stopped.
  const embedded = [port, port + 1, port + 2].map((each) => `127.0.0.1:${each}`).join(',')
  const rate = Number(values.rate ?? rateDefault)
  if (!(rate >= 1 && rate <= rateMax)) throw new RangeError(`--rate is records a second, from 1 to ${rateMax}.`)
  return { brokers: values.brokers ?? (process.env.KAFKA_BROKERS || embedded), rate }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

function sentenceOf(error: unknown): string {
  if (error instanceof KafkaTransportError)
    return `${error.message} Start Eyrie with npm start, or name a cluster with --brokers.`
  return error instanceof Error ? error.message : String(error)
}
