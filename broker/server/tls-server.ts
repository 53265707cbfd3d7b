import { createServer, type Server, type TLSSocket } from 'node:tls'
import type { Socket } from '../network/network.ts'
import { distinguishedNameOf } from '../security/distinguished-name.ts'
import { anonymous, type Principal } from '../security/principal.ts'
import type { TlsConfig } from '../security/tls-config.ts'

/** A client that does not finish its handshake would hold a connection for nothing. */
const handshakeTimeoutMs = 10_000

/** Turns accepted sockets into TLS ones, and says whose certificate was shown. */
export class TlsServer {
  readonly #server: Server
  readonly #config: TlsConfig

  constructor(config: TlsConfig, onSecure: (socket: TLSSocket, principal: Principal) => void) {
    this.#config = config
    this.#server = createServer({
      ...config.context,
      requestCert: config.clientAuth !== 'none',
      // A certificate that is only requested may be absent, which Node would take for a wrong one: see #principalOf.
      rejectUnauthorized: config.clientAuth === 'required',
      handshakeTimeout: handshakeTimeoutMs,
    })
    this.#server.on('secureConnection', (socket) => {
      const principal = this.#principalOf(socket)
      if (principal === undefined) socket.destroy()
      else onSecure(socket, principal)
    })
    this.#server.on('tlsClientError', (_error, socket) => socket.destroy())
  }

  /** Begins the handshake. */
  accept(socket: Socket): void {
    this.#server.emit('connection', socket)
  }

  #principalOf(socket: TLSSocket): Principal | undefined {
    const certificate = this.#config.clientAuth === 'none' ? undefined : socket.getPeerX509Certificate()
    if (certificate === undefined) return anonymous
    if (!socket.authorized) return undefined
    try {
      return { type: 'User', name: this.#config.principalOf(distinguishedNameOf(certificate.subject)) }
    } catch {
      // No rule applies to the name: nobody could say who this is.
      return undefined
    }
  }
}
