import { describe, expect, test } from 'vitest'
import { distinguishedNameOf } from '../../../broker/security/distinguished-name.ts'
import { parseJaasConfig, plainUsersOf } from '../../../broker/security/jaas.ts'
import { parseListeners, shiftPorts } from '../../../broker/security/listener-config.ts'
import { parsePrincipalMapping } from '../../../broker/security/principal-mapping.ts'
import { isSecuredCluster } from '../../../broker/security/secured-cluster.ts'

function properties(entries: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(Object.entries(entries))
}

describe('listeners', () => {
  test('take their protocol from the map, and the brokers’ own comes first', () => {
    const listeners = parseListeners(
      properties({
        listeners: 'EXTERNAL://0.0.0.0:9093,internal://[::1]:9092',
        'advertised.listeners': 'EXTERNAL://kafka.example:19093',
        'listener.security.protocol.map': 'INTERNAL:SASL_PLAINTEXT,EXTERNAL:SASL_SSL',
        'inter.broker.listener.name': 'INTERNAL',
      }),
    )
    expect(listeners).toEqual([
      {
        name: 'INTERNAL',
        protocol: 'SASL_PLAINTEXT',
        host: '::1',
        port: 9092,
        advertised: { host: '::1', port: 9092 },
      },
      {
        name: 'EXTERNAL',
        protocol: 'SASL_SSL',
        host: '0.0.0.0',
        port: 9093,
        advertised: { host: 'kafka.example', port: 19093 },
      },
    ])
  })

  test('of further brokers have higher ports', () => {
    expect(shiftPorts('listeners', 'A://:9092, B://[::1]:9192', 2)).toBe('A://:9094,B://[::1]:9194')
  })
})

describe('a configuration that cannot be served is refused in one sentence', () => {
  const sasl = { listeners: 'SASL_PLAINTEXT://:9092', 'sasl.enabled.mechanisms': 'PLAIN' }
  test.each<[string, Readonly<Record<string, string>>]>([
    ['listeners has 9092, which is not of the form name://host:port.', { listeners: '9092' }],
    ['listeners names A twice', { listeners: 'A://:1,A://:2' }],
    ['listeners has port 1 twice', { listeners: 'PLAINTEXT://:1,SSL://:1' }],
    ['No security protocol is defined for listener FRONT', { listeners: 'FRONT://:9092' }],
    [
      'listener.security.protocol.map gives FRONT the protocol TLS',
      { listeners: 'FRONT://:9092', 'listener.security.protocol.map': 'FRONT:TLS' },
    ],
    [
      'inter.broker.listener.name is BACK, which is not in listeners.',
      { listeners: 'PLAINTEXT://:9092', 'inter.broker.listener.name': 'BACK' },
    ],
    [
      'advertised.listeners gives PLAINTEXT no address',
      { listeners: 'PLAINTEXT://:9092', 'advertised.listeners': 'PLAINTEXT://0.0.0.0:9092' },
    ],
    ['would need the SASL mechanism GSSAPI', { listeners: 'SASL_PLAINTEXT://:9092' }],
    ['has PLAIN but no users', sasl],
    [
      'sasl.jaas.config cannot be read: JAAS config entry not terminated',
      { ...sasl, 'sasl.jaas.config': 'a.B required' },
    ],
    ['Listener SSL needs a certificate', { listeners: 'SSL://:9092' }],
    [
      'ssl.keystore.type must be PEM or PKCS12: Java',
      { listeners: 'SSL://:9092', 'ssl.keystore.location': '/nowhere.jks' },
    ],
    [
      'ssl.keystore.location cannot be read: ENOENT',
      { listeners: 'SSL://:9092', 'ssl.keystore.type': 'PEM', 'ssl.keystore.location': '/nowhere.pem' },
    ],
    ['authorizer.class.name is a.B', { listeners: 'PLAINTEXT://:9092', 'authorizer.class.name': 'a.B' }],
    [
      'super.users has root',
      {
        listeners: 'PLAINTEXT://:9092',
        'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
        'super.users': 'root',
      },
    ],
  ])('%s', (sentence, entries) => {
    expect(() => isSecuredCluster(properties(entries))).toThrow(sentence)
  })
})

test('a cluster is secured as soon as anything keeps anyone from anything', () => {
  expect(isSecuredCluster(properties({ listeners: 'PLAINTEXT://:9092' }))).toBe(false)
  const authorizer = { 'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer' }
  expect(isSecuredCluster(properties({ listeners: 'PLAINTEXT://:9092', ...authorizer }))).toBe(true)
})

test('users stand in a login module', () => {
  const jaas = 'x.PlainLoginModule required username="admin" user_alice="it\'s; \\"quoted\\"" user_bob=plain;'
  expect(Object.fromEntries(plainUsersOf(parseJaasConfig(jaas)))).toEqual({ alice: 'it\'s; "quoted"', bob: 'plain' })
  expect(() => parseJaasConfig('x.Y required a=;')).toThrow("Value not specified for key 'a'")
  expect(() => parseJaasConfig('x.Y required; z.W required;')).toThrow('must hold one login module')
})

test.each([
  ['DEFAULT', 'CN=carol,OU=x', 'CN=carol,OU=x'],
  ['RULE:^CN=(.*?),OU=ServiceUsers.*$/$1/', 'CN=kafka,OU=ServiceUsers,O=y', 'kafka'],
  ['RULE:^CN=(.*?),OU=(.*?),O=(.*?)$/$1@$2/L,DEFAULT', 'CN=Kafka,OU=Admin,O=y', 'kafka@admin'],
  ['RULE:^CN=(.*?),OU=nobody$/$1/,RULE:^cn=(.*)$/$1/,DEFAULT', 'CN=carol', 'CN=carol'],
  ['RULE:^.*[Cc][Nn]=([a-zA-Z0-9.]*).*$/$1/U', 'O=x,CN=carol', 'CAROL'],
])('the rules %s make of %s the principal %s', (rules, name, principal) => {
  expect(parsePrincipalMapping(rules)(name)).toBe(principal)
})

test('a subject is written as Java writes it', () => {
  expect(distinguishedNameOf('C=NO\nO=Eyrie, Tests\nCN=carol')).toBe('CN=carol,O=Eyrie\\, Tests,C=NO')
})
