import { setTimeout as delay } from 'node:timers/promises'
import type { Kafka } from 'kafkajs'
import { type DemoTopic, topics } from './shop.ts'

const batchMs = 250
const waveMs = 240_000
const retryMs = 1_000

/** Sends about `rate` records a second over all topics, in waves as a shop's day has them. */
export async function runProducers(kafka: Kafka, options: { rate: number; signal: AbortSignal }): Promise<void> {
  await Promise.all(topics.map((topic) => produce(kafka, topic, options)))
}

async function produce(
  kafka: Kafka,
  topic: DemoTopic,
  { rate, signal }: { rate: number; signal: AbortSignal },
): Promise<void> {
  const producer = kafka.producer({ allowAutoTopicCreation: false })
  await producer.connect()
  let owed = 0
  let sent = 0
  while (!signal.aborted) {
    owed += rate * topic.share * wave() * (batchMs / 1000)
    const count = Math.floor(owed)
    owed -= count
    const messages = Array.from({ length: count }, (_, index) => {
      const { key, value } = topic.createRecord(sent + index)
      return { key, value: JSON.stringify(value) }
    })
    try {
      if (count > 0) await producer.send({ topic: topic.name, messages, acks: -1 })
      sent += count
      await wait(batchMs, signal)
    } catch {
      // A broker was stopped: the shop goes on, and what was not taken is lost sales.
      await wait(retryMs, signal)
    }
  }
  await producer.disconnect()
}

/** Between 0.5 and 1.5. */
function wave(): number {
  return 1 + Math.sin((Date.now() / waveMs) * 2 * Math.PI) / 2
}

async function wait(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined)
}
