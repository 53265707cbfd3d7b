import { type ChildProcess, spawn } from 'node:child_process'
import { open, readFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { PostgresBinaries } from './postgres-binaries.ts'
import { lastLine } from './postgres-log.ts'
import { PostgresStartError } from './postgres-start-error.ts'
import type { ProcessUser } from './process-user.ts'
import { removeStaleLock } from './stale-lock.ts'

export interface ServerOptions {
  /** The folder that initdb made. */
  readonly database: string
  readonly binaries: PostgresBinaries
  readonly user: ProcessUser | undefined
  readonly port: number
  readonly settings: Readonly<Record<string, string>>
}

export interface PostgresServer {
  /** Resolves when the server is gone, for whatever reason. */
  readonly exited: Promise<void>
  lastWords(): Promise<string>
  /** Fast shutdown; resolves when the server is gone. */
  stop(): Promise<void>
}

const startTimeoutMs = 60_000
const stopTimeoutMs = 30_000
const pollMs = 5

/**
 * Keeps the server tied to its standard input: when that closes, because `stop` closed it or because this process died,
 * the server gets SIGINT (fast shutdown). A shell costs 1 MB where a Node supervisor would cost 45.
 */
const watchedServer = `
exec 3<&0
"$@" </dev/null 3<&- &
server=$!
trap 'kill -INT $server' INT TERM
( trap '' INT TERM; read -r _ <&3; kill -INT $server 2>/dev/null ) &
watcher=$!
exec 3<&-
wait $server
status=$?
while kill -0 $server 2>/dev/null; do wait $server; status=$?; done
kill -KILL $watcher 2>/dev/null
exit $status
`

/** One run of the server over an existing database. Throws `PostgresStartError`. */
export async function startServer(options: ServerOptions): Promise<PostgresServer> {
  const { database, binaries, user } = options
  await removeStaleLock(database)
  const logFile = path.join(path.dirname(database), 'postgres.log')
  const settings = Object.entries({ ...options.settings, port: String(options.port) })
  const output = await open(logFile, 'w', 0o600)
  const shell = spawn(
    '/bin/sh',
    [
      '-c',
      watchedServer,
      'eyrie-postgres',
      path.join(binaries.folder, 'bin', 'postgres'),
      '-D',
      database,
      ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    { ...user, cwd: '/', detached: true, stdio: ['pipe', output.fd, output.fd] },
  )
  const exited = new Promise<void>((resolve) => shell.once('exit', () => resolve()))
  await output.close()
  try {
    await waitUntilReady(database, shell, logFile)
  } catch (error) {
    shell.stdin?.end()
    await exited
    throw error
  }
  return {
    // When only the shell was killed, the server is still there: it ends when its input does.
    exited: exited.then(() => void shell.stdin?.end()),
    lastWords: async () => lastLine(await readFile(logFile, 'utf8')),
    async stop() {
      shell.stdin?.end()
      const deadline = delay(stopTimeoutMs, undefined, { ref: false }).then(() => 'late' as const)
      if ((await Promise.race([exited, deadline])) !== 'late') return
      // What was committed is in the write-ahead log; the next start recovers it.
      process.kill(-(shell.pid ?? 0), 'SIGQUIT')
      await exited
    },
  }
}

/** The server writes its state to the eighth line of its lock file; `pg_ctl` waits in the same way. */
async function waitUntilReady(database: string, shell: ChildProcess, logFile: string): Promise<void> {
  const deadline = performance.now() + startTimeoutMs
  while (performance.now() < deadline) {
    const lock = await readFile(path.join(database, 'postmaster.pid'), 'utf8').catch(() => '')
    if (lock.split('\n')[7]?.trim() === 'ready') return
    if (shell.exitCode !== null || shell.signalCode !== null) {
      throw new PostgresStartError(`The embedded Postgres did not start: ${lastLine(await readFile(logFile, 'utf8'))}`)
    }
    await delay(pollMs)
  }
  throw new PostgresStartError(`The embedded Postgres was not ready after ${startTimeoutMs / 1000} s; see ${logFile}.`)
}
