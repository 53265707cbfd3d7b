import { Kafka, type KafkaConfig, logLevel, type SASLOptions } from 'kafkajs'
import { beforeAll, describe, expect, test } from 'vitest'
import { BrokerConnection } from '../../../broker/network/connection.ts'
import { metadata } from '../../../broker/protocol/messages/03-metadata.ts'
import { saslHandshake } from '../../../broker/protocol/messages/17-sasl-handshake.ts'
import { createTopics } from '../../../broker/protocol/messages/19-create-topics.ts'
import { saslAuthenticate } from '../../../broker/protocol/messages/36-sasl-authenticate.ts'
import { putScramUser } from '../../support/scram-user.ts'
import { type SecuredCluster, startSecuredCluster, superUser } from '../../support/secured-cluster.ts'

let secured: SecuredCluster

beforeAll(async () => {
  secured = await startSecuredCluster({ properties: { 'allow.everyone.if.no.acl.found': 'true' } })
  return () => secured.close()
}, 60_000)

const timeout = { timeoutMs: 30_000 }

function kafka(brokers: string, config: Partial<KafkaConfig>): Kafka {
  return new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING, retry: { retries: 4 }, ...config })
}

async function roundTrip(client: Kafka, topic: string): Promise<string[]> {
  const producer = client.producer()
  await producer.connect()
  await producer.send({ topic, acks: -1, messages: [{ value: 'one' }, { value: 'two' }] })
  await producer.disconnect()
  const consumer = client.consumer({ groupId: `${topic}-readers`, maxWaitTimeInMs: 200 })
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  const values: string[] = []
  await new Promise<void>((resolve, reject) => {
    const eachMessage = async ({ message }: { message: { value: Buffer | null } }) => {
      values.push(message.value?.toString() ?? '')
      if (values.length === 2) resolve()
    }
    consumer.run({ eachMessage }).catch(reject)
  })
  await consumer.disconnect()
  return values
}

async function connectPlain(address: string): Promise<BrokerConnection> {
  const [host = '', port] = (address.split(',')[0] ?? '').split(':')
  return BrokerConnection.connect({ host, port: Number(port), clientId: 'test' })
}

function plainToken({ username, password }: { username: string; password: string }): Buffer {
  return Buffer.from(`\0${username}\0${password}`)
}

async function authenticated(user: { username: string; password: string }): Promise<BrokerConnection> {
  const connection = await connectPlain(secured.sasl)
  await connection.send(saslHandshake, 1, { mechanism: 'PLAIN' }, timeout)
  const answer = await connection.send(saslAuthenticate, 2, { authBytes: plainToken(user) }, timeout)
  expect(answer.errorCode).toBe(0)
  return connection
}

const alice: SASLOptions = { mechanism: 'plain', username: 'alice', password: 'alice secret' }

describe('kafkajs', () => {
  test('comes in by PLAIN', async () => {
    expect(await roundTrip(kafka(secured.sasl, { sasl: alice }), 'by-plain')).toEqual(['one', 'two'])
  })

  test.each([
    ['scram-sha-256', 'SCRAM-SHA-256'],
    ['scram-sha-512', 'SCRAM-SHA-512'],
  ] as const)('comes in by %s', async (mechanism, hash) => {
    await putScramUser(secured, `dora, =${hash}`, hash, 'pw')
    const sasl = { mechanism, username: `dora, =${hash}`, password: 'pw' } as SASLOptions
    expect(await roundTrip(kafka(secured.sasl, { sasl }), `by-${mechanism}`)).toEqual(['one', 'two'])
  })

  test('comes in by PLAIN over TLS', async () => {
    const client = kafka(secured.saslTls, { sasl: alice, ssl: { ca: [secured.certificates.authority] } })
    expect(await roundTrip(client, 'by-tls')).toEqual(['one', 'two'])
  })

  test('comes in by its certificate, and not without one', async () => {
    const { authority, client } = secured.certificates
    const ssl = { ca: [authority], key: client.key, cert: client.cert }
    expect(await roundTrip(kafka(secured.tls, { ssl }), 'by-certificate')).toEqual(['one', 'two'])
    const stranger = kafka(secured.tls, { ssl: { ca: [authority] }, retry: { retries: 0 } }).admin()
    await expect(stranger.connect()).rejects.toThrow()
  })

  test('is refused with a wrong password, and for a user that does not exist', async () => {
    for (const username of ['alice', 'nobody']) {
      for (const mechanism of ['plain', 'scram-sha-256'] as const) {
        const sasl = { mechanism, username, password: 'wrong' } as SASLOptions
        const admin = kafka(secured.sasl, { sasl, retry: { retries: 0 } }).admin()
        await expect(admin.connect()).rejects.toThrow(/[Aa]uthentication failed/)
      }
    }
  })
})

describe('a listener with SASL', () => {
  test('names its mechanisms to a client that asks for another, and closes', async () => {
    const connection = await connectPlain(secured.sasl)
    const answer = await connection.send(saslHandshake, 1, { mechanism: 'GSSAPI' }, timeout)
    expect(answer).toEqual({ errorCode: 33, mechanisms: ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] })
    await connection.closed
  })

  test('says why a password is refused, and closes', async () => {
    const connection = await connectPlain(secured.sasl)
    await connection.send(saslHandshake, 1, { mechanism: 'PLAIN' }, timeout)
    const token = plainToken({ username: 'alice', password: 'guess' })
    const answer = await connection.send(saslAuthenticate, 2, { authBytes: token }, timeout)
    expect(answer).toMatchObject({
      errorCode: 58,
      errorMessage: 'Authentication failed: Invalid username or password',
    })
    await connection.closed
  })

  test('serves nothing before', async () => {
    const connection = await connectPlain(secured.sasl)
    await expect(connection.send(metadata, 12, { topics: null }, timeout)).rejects.toThrow()
  })

  test('tells each client the endpoints of the listener it came in by', async () => {
    const connection = await authenticated(superUser)
    const { brokers } = await connection.send(metadata, 12, { topics: [] }, timeout)
    expect(brokers.map(({ host, port }) => `${host}:${port}`).toSorted()).toEqual(secured.sasl.split(','))
    connection.close()
  })
})

test('the controller port serves nobody but the brokers', async () => {
  const [, port] = (secured.sasl.split(',')[0] ?? '').split(':')
  const connection = await BrokerConnection.connect({ host: '127.0.0.1', port: Number(port) - 1, clientId: 'thief' })
  const topic = { name: 'stolen', numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }
  await expect(connection.send(createTopics, 7, { topics: [topic] }, timeout)).rejects.toThrow()
})
