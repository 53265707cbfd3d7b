import type { EventEmitter } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import type { Duplex } from 'node:stream'
import type { BrokerConnection } from './connection.ts'

/** What the broker asks of a TCP connection; Node's sockets and those of TLS are that. */
export interface Socket extends Duplex {
  readonly remoteAddress?: string | undefined
  setNoDelay(isOn: boolean): unknown
  /** Calls back when nothing has moved for so long; never for 0. */
  setTimeout(idleMs: number, callback: () => void): unknown
}

export interface Server extends EventEmitter {
  listen(options: { host: string; port: number; exclusive: boolean }): unknown
  address(): AddressInfo | string | null
  close(callback: () => void): unknown
}

/** How processes reach one another. Events and errors are those of node:net. */
export interface Network {
  connect(address: { host: string; port: number }): Socket
  createServer(options: { pauseOnConnect: boolean }, onConnection: (socket: Socket) => void): Server
  /** What a socket emits when it can be written to; `connect` where nothing is said. */
  readonly readyEvent?: 'connect' | 'secureConnect'
  /** Says who we are on a new connection. Rejects with ConnectionLost. */
  authenticate?(connection: BrokerConnection, port: number): Promise<void>
}

export const nodeNetwork: Network = { connect, createServer }
