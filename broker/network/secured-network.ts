import { connect as connectTls } from 'node:tls'
import type { BrokerCredential } from '../security/broker-credential.ts'
import type { TlsConfig } from '../security/tls-config.ts'
import { authenticateAsBroker } from './broker-authentication.ts'
import type { Network } from './network.ts'

/** A network on which a broker says who it is before anything else, over TLS where `tls` is given. */
export function securedNetwork(
  network: Network,
  security: { nodeId: number; credential: BrokerCredential; tls?: TlsConfig | undefined },
): Network {
  const { tls } = security
  return {
    createServer: network.createServer,
    authenticate: (connection, port) => authenticateAsBroker(connection, security, port),
    ...(tls === undefined
      ? { connect: network.connect }
      : {
          readyEvent: 'secureConnect' as const,
          // Brokers know each other by the cluster's secret: a certificate for clients need not fit the address, or be
          // signed by anyone that this process trusts. It is shown where the listener asks for one.
          connect: ({ host, port }) => connectTls({ ...tls.context, host, port, rejectUnauthorized: false }),
        }),
  }
}
