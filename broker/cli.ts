import { parseArgs } from 'node:util'
import { ClusterStartError, type KafkaCluster, readProperties, startCluster } from './cluster.ts'

const usage = 'npm run broker -- --brokers N --port P --data DIR [--only ID,ID] [--racks R,R] [--config FILE]'

await main()

/**
 * `npm run broker`: a cluster without the console. Prints `ready` when it serves; stops on SIGINT and SIGTERM. With `--only`
 * it runs some brokers of a cluster whose others run already, so that brokers come and go without a pause.
 */
async function main(): Promise<void> {
  const stopAsked = stopSignal()
  try {
    const cluster = await startCluster(readArguments())
    await serve(cluster, stopAsked)
    process.exit(0)
  } catch (error) {
    if (!(error instanceof ClusterStartError)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exit(1)
  }
}

async function serve(cluster: KafkaCluster, stopAsked: Promise<void>): Promise<void> {
  process.stdout.write(`${cluster.bootstrap}\nready\n`)
  await stopAsked
  await cluster.stop()
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve())
  })
}

function readArguments() {
  const { brokers, only, racks, port, data, config } = parse()
  if (data === undefined) throw new ClusterStartError(`Name a folder for the data: ${usage}`)
  const properties = config === undefined ? new Map<string, string>() : readProperties(config)
  const count = wholeNumber('--brokers', brokers, 1, 100)
  return {
    brokers: count,
    ...(only === undefined ? {} : { only: only.split(',').map((id) => wholeNumber('--only', id, 1, count)) }),
    ...(racks === undefined ? {} : { racks: racks.split(',') }),
    port: wholeNumber('--port', port ?? portIn(properties) ?? '9092', 1_025, 65_000),
    dataDirectory: data,
    properties,
  }
}

/** The first of `listeners`; what is wrong with them is said when the cluster is made. */
function portIn(properties: ReadonlyMap<string, string>): string | undefined {
  return /:(\d+)\s*(?:,|$)/.exec(properties.get('listeners') ?? '')?.[1]
}

function parse() {
  const options = {
    brokers: { type: 'string', default: '3' },
    only: { type: 'string' },
    racks: { type: 'string' },
    port: { type: 'string' },
    data: { type: 'string' },
    config: { type: 'string' },
  } as const
  try {
    return parseArgs({ options }).values
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new ClusterStartError(`${reason} Usage: ${usage}`, { cause })
  }
}

function wholeNumber(name: string, text: string, min: number, max: number): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new ClusterStartError(`${name} is "${text}": write a whole number from ${min} to ${max}. Usage: ${usage}`)
  }
  return value
}
