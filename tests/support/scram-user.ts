import { BrokerConnection } from '../../broker/network/connection.ts'
import { errorCodes } from '../../broker/protocol/errors.ts'
import { saslHandshake } from '../../broker/protocol/messages/17-sasl-handshake.ts'
import { saslAuthenticate } from '../../broker/protocol/messages/36-sasl-authenticate.ts'
import { alterUserScramCredentials } from '../../broker/protocol/messages/51-alter-user-scram-credentials.ts'
import { saltPassword } from '../../broker/security/scram.ts'
import { type SecuredCluster, superUser } from './secured-cluster.ts'

const timeout = { timeoutMs: 30_000 }
const iterations = 4096
const mechanisms = { 'SCRAM-SHA-256': 1, 'SCRAM-SHA-512': 2 } as const

/** Makes a user, or gives it another password. */
export async function putScramUser(
  secured: SecuredCluster,
  name: string,
  hash: keyof typeof mechanisms,
  password: string,
): Promise<void> {
  const connection = await connectAsSuperUser(secured)
  const salt = Buffer.from('salt of a test')
  const saltedPassword = await saltPassword(hash, password, salt, iterations)
  const upsertion = { name, mechanism: mechanisms[hash], iterations, salt, saltedPassword }
  const request = { deletions: [], upsertions: [upsertion] }
  const { results } = await connection.send(alterUserScramCredentials, 0, request, timeout)
  connection.close()
  if (results[0]?.errorCode !== errorCodes.NONE) throw new Error(`The user ${name} was refused`, { cause: results })
}

async function connectAsSuperUser(secured: SecuredCluster): Promise<BrokerConnection> {
  const [host = '', port] = (secured.sasl.split(',')[0] ?? '').split(':')
  const connection = await BrokerConnection.connect({ host, port: Number(port), clientId: 'test' })
  await connection.send(saslHandshake, 1, { mechanism: 'PLAIN' }, timeout)
  const authBytes = Buffer.from(`\0${superUser.username}\0${superUser.password}`)
  await connection.send(saslAuthenticate, 2, { authBytes }, timeout)
  return connection
}
