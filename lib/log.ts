import { format, stripVTControlCharacters } from 'node:util'
import pino from 'pino'

export type Log = pino.Logger

/** Lines of JSON on stderr; stdout belongs to the few lines that a person reads. */
export function createLog(level: string): Log {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { error: pino.stdSerializers.err } },
    pino.destination({ dest: 2, sync: true }),
  )
}

/** Next and what it loads speak to the console, some of it on stdout: from here on they speak to the log. */
export function sendConsoleTo(log: Log): void {
  const to =
    (level: 'debug' | 'warn' | 'error') =>
    (...words: unknown[]) =>
      log[level](stripVTControlCharacters(format(...words)))
  Object.assign(console, { log: to('debug'), info: to('debug'), warn: to('warn'), error: to('error') })
}
