import { setTimeout as delay } from 'node:timers/promises'
import type { Consumer, Kafka } from 'kafkajs'
import type { DemoGroup } from './shop.ts'

const commitMs = 1_000
const sessionMs = 10_000
const heartbeatMs = 2_000

interface RunOptions {
  readonly signal: AbortSignal
  readonly say: (line: string) => void
}

/** Runs a group's members through its phases until told to stop. */
export async function runGroup(kafka: Kafka, group: DemoGroup, { signal, say }: RunOptions): Promise<void> {
  const members = Array.from({ length: group.members }, () =>
    kafka.consumer({
      groupId: group.id,
      sessionTimeout: sessionMs,
      heartbeatInterval: heartbeatMs,
      // Whatever happens to the brokers, a member comes back.
      retry: { restartOnFailure: async () => true },
    }),
  )
  await Promise.all(members.map((member) => join(member, group)))
  for (let step = 0; !signal.aborted; step++) {
    const phase = group.phases[step % group.phases.length]
    if (phase === undefined) break
    if (step > 0) say(`${group.id} ${told[phase.does]}.`)
    await Promise.all(members.map((member) => acts[phase.does](member, group)))
    await wait(phase.seconds * 1000, signal)
  }
  await Promise.all(members.map((member) => member.disconnect()))
}

const told = { read: 'reads again', pause: 'pauses', leave: 'has left' } as const

async function join(member: Consumer, { topic }: DemoGroup): Promise<void> {
  await member.connect()
  await member.subscribe({ topic, fromBeginning: true })
  await member.run({ autoCommitInterval: commitMs, eachBatch: async () => undefined })
}

/** A member that pauses stays in the group and reads nothing. */
const acts = {
  read: async (member: Consumer, { topic }: DemoGroup) => member.resume([{ topic }]),
  pause: async (member: Consumer, { topic }: DemoGroup) => member.pause([{ topic }]),
  leave: async (member: Consumer) => member.disconnect(),
}

/** A timer holds at most 24.8 days: for ever is until the signal. */
async function wait(ms: number, signal: AbortSignal): Promise<void> {
  if (Number.isFinite(ms)) await delay(ms, undefined, { signal }).catch(() => undefined)
  else if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
}
