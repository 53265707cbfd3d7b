import { setTimeout as delay } from 'node:timers/promises'
import { Consumer, type MessagesStream, stringDeserializers } from '@platformatic/kafka'
import type { DemoGroup } from './shop.ts'

const COMMIT_MS = 1_000
const RETRY_MS = 2_000

type DemoConsumer = Consumer<string, string, string, string>
type DemoStream = MessagesStream<string, string, string, string>

interface RunOptions {
  readonly signal: AbortSignal
  readonly say: (line: string) => void
}

/** Runs a group's members through its phases until told to stop. */
export async function runGroup(brokers: string, group: DemoGroup, options: RunOptions): Promise<void> {
  await Promise.all(Array.from({ length: group.members }, (_, index) => runMember(brokers, group, index, options)))
}

async function runMember(brokers: string, group: DemoGroup, index: number, { signal, say }: RunOptions): Promise<void> {
  const member = new Member(brokers, group, index)
  for (let step = 0; !signal.aborted; step++) {
    const phase = group.phases[step % group.phases.length]
    if (phase === undefined) return
    if (step > 0) say(`${group.id} ${told[phase.does]}.`)
    try {
      await member[phase.does]()
      await wait(phase.seconds * 1000, signal)
    } catch {
      await member.leave()
      await wait(RETRY_MS, signal)
      step--
    }
  }
  await member.leave()
}

const told = { read: 'reads again', pause: 'pauses', leave: 'has left' } as const

class Member {
  readonly #brokers: string
  readonly #group: DemoGroup
  readonly #index: number
  #consumer: DemoConsumer | undefined
  #stream: DemoStream | undefined

  constructor(brokers: string, group: DemoGroup, index: number) {
    this.#brokers = brokers
    this.#group = group
    this.#index = index
  }

  async read(): Promise<void> {
    if (this.#stream !== undefined) {
      this.#stream.resume()
      return
    }
    const { id, topic } = this.#group
    this.#consumer = new Consumer({
      groupId: id,
      clientId: `${id}-${this.#index + 1}`,
      bootstrapBrokers: this.#brokers.split(','),
      deserializers: stringDeserializers,
      sessionTimeout: 10_000,
      heartbeatInterval: 2_000,
    })
    this.#stream = await this.#consumer.consume({
      topics: [topic],
      mode: 'committed',
      fallbackMode: 'earliest',
      autocommit: COMMIT_MS,
    })
    this.#stream.on('error', () => void this.leave())
    this.#stream.on('data', () => undefined)
  }

  /** Stays a member and reads nothing. */
  async pause(): Promise<void> {
    this.#stream?.pause()
  }

  async leave(): Promise<void> {
    const [stream, consumer] = [this.#stream, this.#consumer]
    this.#stream = undefined
    this.#consumer = undefined
    try {
      await stream?.close()
      await consumer?.close(true)
    } catch {
      // It was cut off: the coordinator drops the member by itself.
    }
  }
}

/** A timer holds at most 24.8 days: for ever is until the signal. */
async function wait(ms: number, signal: AbortSignal): Promise<void> {
  if (Number.isFinite(ms)) await delay(ms, undefined, { signal }).catch(() => undefined)
  else if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
}
