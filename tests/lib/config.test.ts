import { expect, test } from 'vitest'
import { ConfigError, parseConfig } from '../../lib/config.ts'

test('an empty environment has a default for everything', () => {
  expect(parseConfig({ PORT: '' })).toMatchObject({
    port: undefined,
    host: '127.0.0.1',
    databaseUrl: undefined,
    kafkaBrokers: undefined,
    kafkaPort: undefined,
    tickMs: 5_000,
    webhookAddresses: 'any',
    logLevel: 'warn',
  })
})

test.each([
  ['PORT', { PORT: '70000' }],
  ['PORT', { PORT: 'http' }],
  ['DATABASE_URL', { DATABASE_URL: 'mysql://x' }],
  ['KAFKA_BROKERS', { KAFKA_BROKERS: 'localhost' }],
  ['EYRIE_TICK_MS', { EYRIE_TICK_MS: '10' }],
  ['EYRIE_URL', { EYRIE_URL: 'eyrie.example' }],
  ['EYRIE_ADMIN_EMAIL', { EYRIE_ADMIN_EMAIL: 'me@example.org' }],
  ['EYRIE_WEBHOOK_ADDRESSES', { EYRIE_WEBHOOK_ADDRESSES: 'private' }],
  ['LOG_LEVEL', { LOG_LEVEL: 'loud' }],
])('%s that cannot be used is named in one sentence', (name, variables) => {
  expect(() => parseConfig(variables)).toThrow(ConfigError)
  expect(() => parseConfig(variables)).toThrow(new RegExp(`${name}[^\n]*\\.$`))
})

test('secrets are not repeated', () => {
  const variables = { DATABASE_URL: 'mysql://eyrie:hunter22@db/x' }
  expect(() => parseConfig(variables)).not.toThrow(/hunter22/)
})
