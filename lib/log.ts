import pino from 'pino'

export type Log = pino.Logger

/** Lines of JSON on stderr; stdout belongs to the few lines that a person reads. */
export function createLog(level: string): Log {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { error: pino.stdSerializers.err } },
    pino.destination({ dest: 2, sync: true }),
  )
}
