import { randomBytes, timingSafeEqual } from 'node:crypto'
import { errorCodes } from '../protocol/errors.ts'
import { saslHandshake } from '../protocol/messages/17-sasl-handshake.ts'
import { saslAuthenticate } from '../protocol/messages/36-sasl-authenticate.ts'
import {
  type BrokerCredential,
  brokerMechanism,
  brokerScramHash,
  brokerUsername,
} from '../security/broker-credential.ts'
import { clientProof, serverSignature } from '../security/scram.ts'
import { type BrokerConnection, ConnectionLost } from './connection.ts'

const answerTimeoutMs = 5_000
/** `n,,` in base64: no channel binding, no other identity. */
const channelBinding = 'biws'

/**
 * Proves to the broker (or controller) at the other end of a connection that this is a broker of its cluster, and has it
 * prove the same. Rejects with ConnectionLost when it does not.
 */
export async function authenticateAsBroker(
  connection: BrokerConnection,
  self: { readonly nodeId: number; readonly credential: BrokerCredential },
  port: number,
): Promise<void> {
  const timeout = { timeoutMs: answerTimeoutMs }
  const say = async (text: string) => {
    const version = saslAuthenticate.versions.max
    const answer = await connection.send(saslAuthenticate, version, { authBytes: Buffer.from(text, 'utf8') }, timeout)
    if (answer.errorCode !== errorCodes.NONE)
      throw new ConnectionLost(`The peer refused this broker: ${answer.errorMessage}`)
    return answer.authBytes.toString('utf8')
  }
  const shaken = await connection.send(
    saslHandshake,
    saslHandshake.versions.max,
    { mechanism: brokerMechanism },
    timeout,
  )
  if (shaken.errorCode !== errorCodes.NONE) throw new ConnectionLost('The peer is no broker of this cluster')
  const { saltedPassword, scram } = self.credential
  const clientNonce = randomBytes(24).toString('base64url')
  const bare = `n=${brokerUsername(self.nodeId, port)},r=${clientNonce}`
  const challenge = await say(`n,,${bare}`)
  const nonce = /^r=([^,]+),/.exec(challenge)?.[1]
  if (nonce === undefined || !nonce.startsWith(clientNonce)) throw new ConnectionLost('The peer answered for another')
  const withoutProof = `c=${channelBinding},r=${nonce}`
  const authMessage = `${bare},${challenge},${withoutProof}`
  const proof = clientProof(brokerScramHash, saltedPassword, authMessage)
  const signed = await say(`${withoutProof},p=${proof.toString('base64')}`)
  const expected = serverSignature(brokerScramHash, scram.serverKey, authMessage)
  const signature = Buffer.from(/^v=(.*)$/.exec(signed)?.[1] ?? '', 'base64')
  if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) {
    throw new ConnectionLost('The peer does not know the secret of this cluster')
  }
}
