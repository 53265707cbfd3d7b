import path from 'node:path'
import { z } from 'zod'
import { parseBootstrap } from './kafka/parse-bootstrap.ts'

const port = z.coerce.number().int().min(1).max(65_535)
const text = z.string().trim().min(1)

const environment = z.object({
  PORT: port.optional(),
  HOST: text.default('127.0.0.1'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\/.+/, 'write postgresql://user:password@host:port/database')
    .optional(),
  KAFKA_BROKERS: text.refine(isBootstrap, 'write host:port,host:port').optional(),
  EYRIE_DATA_DIR: text.default('.eyrie'),
  EYRIE_ADMIN_EMAIL: z.email('write an email address').optional(),
  EYRIE_ADMIN_PASSWORD: z.string().min(10, 'choose at least 10 characters').max(200).optional(),
  EYRIE_KAFKA_PORT: port.optional(),
  EYRIE_TICK_MS: z.coerce.number().int().min(500).max(60_000).default(5_000),
  EYRIE_WEBHOOK_ADDRESSES: z.enum(['any', 'public']).default('any'),
  EYRIE_URL: z.url({ protocol: /^https?$/, error: 'write http://host or https://host' }).optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('warn'),
})

export interface Config {
  /** `undefined`: 3000, or the next free one. */
  readonly port: number | undefined
  readonly host: string
  /** `undefined`: the embedded Postgres. */
  readonly databaseUrl: string | undefined
  /** `undefined`: the embedded cluster. */
  readonly kafkaBrokers: string | undefined
  readonly dataDirectory: string
  readonly admin: { readonly email: string; readonly password: string } | undefined
  /** First of the embedded brokers' ports. `undefined`: 9092, or the next free block. */
  readonly kafkaPort: number | undefined
  readonly tickMs: number
  /** The address people open, when it is not the one that is listened on. */
  readonly publicUrl: string | undefined
  /** `public` refuses webhooks to loopback and private addresses. */
  readonly webhookAddresses: 'any' | 'public'
  readonly logLevel: string
}

/** The environment does not say what it should; the message is one sentence that names the variable. */
export class ConfigError extends Error {}

/** Reads every knob there is. Empty variables count as not set. Throws `ConfigError`. */
export function parseConfig(variables: Readonly<Record<string, string | undefined>>): Config {
  const set = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined && value !== ''))
  const parsed = environment.safeParse(set)
  if (!parsed.success) throw new ConfigError(sentenceOf(parsed.error, set))
  const env = parsed.data
  const { EYRIE_ADMIN_EMAIL: email, EYRIE_ADMIN_PASSWORD: password } = env
  if ((email === undefined) !== (password === undefined)) {
    throw new ConfigError(
      'EYRIE_ADMIN_EMAIL and EYRIE_ADMIN_PASSWORD create the first admin together: set both or none.',
    )
  }
  return {
    port: env.PORT,
    host: env.HOST,
    databaseUrl: env.DATABASE_URL,
    kafkaBrokers: env.KAFKA_BROKERS,
    dataDirectory: path.resolve(env.EYRIE_DATA_DIR),
    admin: email === undefined || password === undefined ? undefined : { email, password },
    kafkaPort: env.EYRIE_KAFKA_PORT,
    tickMs: env.EYRIE_TICK_MS,
    publicUrl: env.EYRIE_URL,
    webhookAddresses: env.EYRIE_WEBHOOK_ADDRESSES,
    logLevel: env.LOG_LEVEL,
  }
}

function sentenceOf(error: z.ZodError, variables: Readonly<Record<string, string | undefined>>): string {
  const [issue] = error.issues
  const name = String(issue?.path[0] ?? '')
  const given = name.includes('PASSWORD') || name === 'DATABASE_URL' ? '' : ` is "${variables[name] ?? ''}"`
  return `The environment variable ${name}${given} cannot be used: ${issue?.message ?? 'it is not valid'}.`
}

function isBootstrap(value: string): boolean {
  try {
    return parseBootstrap(value).length > 0
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}
