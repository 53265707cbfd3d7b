import { setTimeout as delay } from 'node:timers/promises'
import { type PostgresServer, type ServerOptions, startServer } from './start-server.ts'

export interface SupervisedServer {
  /** Settles when there is no server any more: with why it could not be brought back, with `undefined` after `stop`. */
  readonly ended: Promise<{ reason: string } | undefined>
  stop(): Promise<void>
}

export interface SupervisedServerOptions extends ServerOptions {
  readonly log: { error(details: { reason: string }, message: string): void }
}

/** The wait before each start of a server that died; after the last one it is given up. */
const backOffMs = [100, 500, 2_000, 5_000] as const
/** One that lived this long is given all starts again. */
const provenMs = 60_000

/** Starts the server, and again when it dies. Throws `PostgresStartError` when the first start fails. */
export async function superviseServer(options: SupervisedServerOptions): Promise<SupervisedServer> {
  const stopping = new AbortController()
  let server = await startServer(options)
  const ended = supervise()
  return {
    ended,
    async stop() {
      stopping.abort()
      await server.stop()
      await ended
    },
  }

  async function supervise(): Promise<{ reason: string } | undefined> {
    for (let starts = 0; ; starts++) {
      const startedAtMs = performance.now()
      await server.exited
      if (stopping.signal.aborted) return undefined
      if (performance.now() - startedAtMs > provenMs) starts = 0
      options.log.error({ reason: await server.lastWords() }, 'the embedded Postgres ended and is started again')
      const next = await startAgain(options, backOffMs.slice(starts), stopping.signal)
      if (next instanceof Error) return stopping.signal.aborted ? undefined : { reason: next.message }
      server = next
      if (stopping.signal.aborted) await server.stop()
    }
  }
}

/** Tries after each of these waits, until `signal` is aborted; answers why it failed when it did. */
async function startAgain(
  options: SupervisedServerOptions,
  waitsMs: readonly number[],
  signal: AbortSignal,
): Promise<PostgresServer | Error> {
  let failure = new Error('The embedded Postgres ended again and again.')
  for (const waitMs of waitsMs) {
    await delay(waitMs, undefined, { signal }).catch(() => undefined)
    if (signal.aborted) break
    try {
      return await startServer(options)
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error))
    }
  }
  return failure
}
