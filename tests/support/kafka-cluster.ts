import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { findFreePorts } from './free-ports.ts'

const cli = fileURLToPath(new URL('../../dist/broker/cli.js', import.meta.url))

export interface TestCluster {
  readonly bootstrap: string
  /** `127.0.0.1:port`, one a broker, in the order of their ids from 1. */
  readonly brokers: readonly string[]
  readonly dataDirectory: string
  /** From the start of its first process until all brokers serve. */
  readonly startMs: number
  /** The process id of the broker now; a restart gives it another. */
  pidOf(brokerId: number): number
  /** The process that starts the brokers and starts them again. */
  readonly supervisorPid: number
  /** SIGKILL. The supervisor starts the broker again. */
  kill(brokerId: number): void
  /** Adds its `spareBrokers`, run by a supervisor of their own. */
  startSpareBrokers(): Promise<SpareBrokers>
  /** In good order; the data stays for another `startTestCluster` with this folder. */
  stop(): Promise<void>
}

export interface SpareBrokers {
  /** As those of the cluster, whose ids they continue. */
  readonly brokers: readonly string[]
  stop(): Promise<void>
}

/** Starts brokers as a user does with `npm run broker`, on free ports and with an empty folder unless one is given. */
export async function startTestCluster(
  options: {
    brokers?: number
    /** Of the brokers in turn. */
    racks?: readonly string[]
    /** How many more may be added while the cluster runs. */
    spareBrokers?: number
    dataDirectory?: string
    properties?: Readonly<Record<string, string>>
    /** Hears what the brokers print of trouble, which is shown otherwise. */
    onTrouble?: (text: string) => void
    /** Its `listeners`, made from the first of as many ports for each broker as it asks for. */
    listeners?: { readonly count: number; properties(port: number): Readonly<Record<string, string>> }
  } = {},
): Promise<TestCluster> {
  const { brokers = 3, spareBrokers = 0, racks, listeners } = options
  const inRacks = racks === undefined ? [] : ['--racks', racks.join()]
  const dataDirectory = options.dataDirectory ?? (await mkdtemp(path.join(tmpdir(), 'eyrie-cluster-')))
  const isOwned = options.dataDirectory === undefined
  const config = path.join(dataDirectory, 'test.properties')
  const port = (await findFreePorts((brokers + spareBrokers) * (listeners?.count ?? 1) + 1)) + 1
  const properties = { ...options.properties, ...listeners?.properties(port) }
  await writeFile(
    config,
    Object.entries(properties).map(([name, value]) => `${name}=${value}\n`),
  )
  const startedAt = performance.now()
  const supervise = (count: number, ...more: readonly string[]) =>
    spawn(
      process.execPath,
      [
        cli,
        '--brokers',
        `${count}`,
        '--port',
        `${port}`,
        '--data',
        dataDirectory,
        '--config',
        config,
        ...inRacks,
        ...more,
      ],
      { stdio: ['ignore', 'pipe', options.onTrouble === undefined ? 'inherit' : 'pipe'] },
    )
  const supervisor = supervise(brokers)
  supervisor.stderr?.on('data', (chunk: Buffer) => options.onTrouble?.(chunk.toString('utf8')))
  const spares: ChildProcess[] = []
  await waitForReady(supervisor)
  const startMs = performance.now() - startedAt
  const address = (brokerId: number) => `127.0.0.1:${port + brokerId - 1}`
  const addresses = Array.from({ length: brokers }, (_, index) => address(index + 1))
  const pidOf = (brokerId: number) => {
    const pid = pidOfBroker(supervisor, brokerId)
    if (pid === undefined) throw new Error(`Broker ${brokerId} is not running`)
    return pid
  }
  return {
    bootstrap: addresses.join(','),
    brokers: addresses,
    dataDirectory,
    startMs,
    supervisorPid: supervisor.pid ?? -1,
    pidOf,
    kill: (brokerId) => process.kill(pidOf(brokerId), 'SIGKILL'),
    startSpareBrokers: async () => {
      const ids = Array.from({ length: spareBrokers }, (_, index) => brokers + index + 1)
      const spare = supervise(brokers + spareBrokers, '--only', ids.join())
      spares.push(spare)
      await waitForReady(spare)
      return { brokers: ids.map(address), stop: () => end(spare) }
    },
    stop: async () => {
      for (const spare of spares) await end(spare)
      await end(supervisor)
      if (isOwned) await rm(dataDirectory, { recursive: true, force: true })
    },
  }
}

async function end(supervisor: ChildProcess): Promise<void> {
  if (supervisor.exitCode !== null || supervisor.signalCode !== null) return
  supervisor.kill('SIGTERM')
  await once(supervisor, 'exit')
}

/** Whether something accepts connections there. */
export function isListening(address: string): Promise<boolean> {
  const [host, port] = address.split(':')
  return new Promise((resolve) => {
    const socket = connect(Number(port), host)
    const settle = (isOpen: boolean) => {
      socket.destroy()
      resolve(isOpen)
    }
    socket.once('connect', () => settle(true))
    socket.once('error', () => settle(false))
  })
}

function waitForReady(supervisor: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = ''
    supervisor.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8')
      if (output.split('\n').includes('ready')) resolve()
    })
    supervisor.once('exit', (code) => reject(new Error(`The cluster ended with ${code} before it was ready`)))
  })
}

/** Asks the system, as an operator would: brokers are children of the supervisor and name their id on their command line. */
export function pidOfBroker(supervisor: ChildProcess, brokerId: number): number | undefined {
  const lines = execFileSync('ps', ['-eo', 'pid=,ppid=,args=']).toString('utf8').split('\n')
  for (const line of lines) {
    const match = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line)
    const isOurs = Number(match?.[2]) === supervisor.pid && match?.[3]?.includes(`"nodeId":${brokerId},`)
    if (isOurs) return Number(match?.[1])
  }
  return undefined
}
