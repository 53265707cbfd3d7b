import { setTimeout as delay } from 'node:timers/promises'
import { ProduceAcks, Producer, stringSerializers } from '@platformatic/kafka'
import { type DemoTopic, topics } from './shop.ts'

const BATCH_MS = 250
const WAVE_MS = 240_000
const RETRY_MS = 1_000

/** Sends about `rate` records a second over all topics, in waves as a shop's day has them. */
export async function runProducers(brokers: string, options: { rate: number; signal: AbortSignal }): Promise<void> {
  await Promise.all(topics.map((topic) => produce(brokers, topic, options)))
}

async function produce(
  brokers: string,
  topic: DemoTopic,
  { rate, signal }: { rate: number; signal: AbortSignal },
): Promise<void> {
  const producer = new Producer({
    clientId: `shop-${topic.name}`,
    bootstrapBrokers: brokers.split(','),
    serializers: stringSerializers,
    acks: ProduceAcks.ALL,
  })
  let owed = 0
  for (let sent = 0; !signal.aborted; ) {
    owed += rate * topic.share * wave() * (BATCH_MS / 1000)
    const count = Math.floor(owed)
    owed -= count
    const messages = Array.from({ length: count }, (_, index) => {
      const { key, value } = topic.createRecord(sent + index)
      return { topic: topic.name, key, value: JSON.stringify(value) }
    })
    try {
      if (count > 0) await producer.send({ messages })
      sent += count
      await wait(BATCH_MS, signal)
    } catch {
      // A leader moves, a broker restarts: a shop goes on.
      await wait(RETRY_MS, signal)
    }
  }
  await producer.close().catch(() => undefined)
}

/** Between 0.5 and 1.5. */
function wave(): number {
  return 1 + Math.sin((Date.now() / WAVE_MS) * 2 * Math.PI) / 2
}

async function wait(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined)
}
