import { type SaslExchange, SaslRefusal } from './sasl-mechanism.ts'
import { ScramExchange } from './sasl-scram.ts'
import { credentialOf, type ScramCredential, saltPassword } from './scram.ts'

/*
 * How the cluster's own brokers prove to each other who they are: SCRAM with a secret that the cluster made for itself,
 * under a mechanism of its own, so that neither users nor their mechanisms are touched. Both sides prove that they know
 * it. The name they sign says from which broker to which port: what is meant for one broker is worth nothing at another.
 */

export const brokerMechanism = 'EYRIE-BROKER'

export const brokerScramHash = 'SCRAM-SHA-256'
const iterations = 4096

export interface BrokerCredential {
  readonly saltedPassword: Buffer
  readonly scram: ScramCredential
}

export async function deriveBrokerCredential(secret: string, clusterId: string): Promise<BrokerCredential> {
  const salt = Buffer.from(clusterId, 'utf8')
  const saltedPassword = await saltPassword(brokerScramHash, secret, salt, iterations)
  return { saltedPassword, scram: credentialOf(brokerScramHash, saltedPassword, salt, iterations) }
}

export function brokerUsername(nodeId: number, port: number): string {
  return `${nodeId}:${port}`
}

/** `ports` are those that brokers reach this listener by. */
export function brokerExchange(
  credential: BrokerCredential,
  ports: ReadonlySet<number>,
  serverNonce: string,
): SaslExchange {
  return new ScramExchange({
    mechanism: brokerScramHash,
    findCredential: () => credential.scram,
    principalOf: (username) => {
      const [nodeId, port] = username.split(':')
      if (nodeId === undefined || !ports.has(Number(port))) throw new SaslRefusal('Meant for another broker')
      return { type: 'Broker', name: nodeId }
    },
    serverNonce,
  })
}
