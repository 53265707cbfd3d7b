import { setFlagsFromString } from 'node:v8'
import { Broker } from './broker.ts'
import type { FromBroker, ToBroker } from './broker-process.ts'
import { parseBrokerConfig, secretsVariable } from './config.ts'
import { ConfigError } from './security/config-error.ts'
import { openWorld } from './world.ts'

/** A stop that takes longer is ended: the next start then recovers its logs as after a crash. */
const stopTimeoutMs = 20_000

/**
 * A heap that is mostly what lives long (metadata, partitions) is let grow to four times that before it is collected; a third
 * more is enough here. Not on the command line: a Node that no longer knew the flag would not start.
 */
setFlagsFromString('--heap-growing-percent=30')

await main()

/** One broker as a process of its own, started by cluster.ts. It ends when its parent does, however that ended. */
async function main(): Promise<void> {
  const [text] = process.argv.slice(2)
  if (text === undefined) throw new Error('Brokers are started by `npm run broker`.')
  // Before the start, so that a signal during it is not lost.
  const stopAsked = stopSignal()
  process.on('message', (message: ToBroker) => {
    if (message.type === 'ping') tell({ type: 'pong' })
  })
  const config = parseBrokerConfig(text, process.env[secretsVariable] ?? '{}')
  const broker = await Promise.race([Broker.start(config, openWorld(), fail).catch(fail), stopAsked])
  // A start that is given up may be waiting for a controller that never comes; it has promised nobody anything.
  if (broker === undefined) process.exit(0)
  tell({ type: 'ready' })
  await stopAsked
  setTimeout(() => process.exit(1), stopTimeoutMs).unref()
  await broker.stop()
  process.exit(0)
}

function stopSignal(): Promise<undefined> {
  return new Promise((resolve) => {
    process.once('SIGTERM', () => resolve(undefined))
    process.once('disconnect', () => resolve(undefined))
  })
}

function tell(message: FromBroker): void {
  // The channel is closed once the parent is gone.
  if (process.connected) process.send?.(message)
}

function fail(error: unknown): never {
  // A port that is taken, a folder that cannot be written, a full disk: where in our code it was met says nothing.
  const saysEnough = error instanceof Error && ('syscall' in error || error instanceof ConfigError)
  console.error(saysEnough ? error.message : error)
  process.exit(1)
}
