import { randomBytes } from 'node:crypto'
import type { Authorizer } from '../security/authorizer.ts'
import { type BrokerCredential, brokerExchange, brokerMechanism } from '../security/broker-credential.ts'
import { type ListenerConfig, usesSasl, usesTls } from '../security/listener-config.ts'
import { readSaslConfig, type SaslConfig } from '../security/sasl-config.ts'
import type { SaslExchange } from '../security/sasl-mechanism.ts'
import { plainExchange } from '../security/sasl-plain.ts'
import { ScramExchange } from '../security/sasl-scram.ts'
import { isScramMechanism } from '../security/scram.ts'
import type { ScramCredentialTable } from '../security/scram-credential-table.ts'
import { readTlsConfig, type TlsConfig } from '../security/tls-config.ts'
import type { SaslOptions } from './sasl-authenticator.ts'

/** How a listener finds out who its clients are, and what they may do. */
export interface ListenerSecurity {
  readonly listenerName: string
  readonly tls: TlsConfig | undefined
  readonly sasl: SaslOptions | undefined
  readonly authorizer: Authorizer
  /** `connection.failed.authentication.delay.ms` */
  readonly refusalDelayMs: number
}

export interface ControllerPortParts {
  readonly authorizer: Authorizer
  /** Undefined in a cluster where everyone may do everything. */
  readonly brokers: BrokerCredential | undefined
  readonly refusalDelayMs: number
  /** `sasl.server.max.receive.size` */
  readonly tokenBytesMax: number
}

export interface SecurityParts extends ControllerPortParts {
  readonly properties: ReadonlyMap<string, string>
  readonly scramCredentials: ScramCredentialTable
}

/** Of one entry of `listeners`. Throws ConfigError. */
export function openListenerSecurity(listener: ListenerConfig, parts: SecurityParts): ListenerSecurity {
  const { name, advertised } = listener
  return {
    listenerName: name,
    tls: usesTls(listener) ? readTlsConfig(parts.properties, name) : undefined,
    sasl: saslOptions(usesSasl(listener) ? readSaslConfig(parts.properties, name) : undefined, advertised.port, parts),
    authorizer: parts.authorizer,
    refusalDelayMs: parts.refusalDelayMs,
  }
}

/** Of the controller port, where only the cluster's brokers are let in. */
export function openControllerSecurity(port: number, parts: ControllerPortParts): ListenerSecurity {
  const { authorizer, brokers, refusalDelayMs, tokenBytesMax } = parts
  const sasl: SaslOptions | undefined = brokers && {
    isRequired: true,
    mechanisms: [],
    reauthMsMax: 0,
    tokenBytesMax,
    open: (mechanism) =>
      mechanism === brokerMechanism ? brokerExchange(brokers, new Set([port]), newNonce()) : undefined,
  }
  return { listenerName: 'CONTROLLER', tls: undefined, sasl, authorizer, refusalDelayMs }
}

function saslOptions(sasl: SaslConfig | undefined, port: number, parts: SecurityParts): SaslOptions | undefined {
  const { brokers, tokenBytesMax } = parts
  if (sasl === undefined && brokers === undefined) return undefined
  const ports = new Set([port])
  return {
    isRequired: sasl !== undefined,
    mechanisms: sasl?.mechanisms ?? [],
    reauthMsMax: sasl?.reauthMsMax ?? 0,
    tokenBytesMax,
    open: (mechanism) => {
      if (mechanism === brokerMechanism) return brokers && brokerExchange(brokers, ports, newNonce())
      return sasl?.mechanisms.includes(mechanism) ? openExchange(mechanism, sasl, parts.scramCredentials) : undefined
    },
  }
}

function openExchange(mechanism: string, sasl: SaslConfig, credentials: ScramCredentialTable): SaslExchange {
  if (!isScramMechanism(mechanism)) return plainExchange(sasl.plainUsers)
  return new ScramExchange({
    mechanism,
    findCredential: (user) => credentials.find(user, mechanism),
    principalOf: (name) => ({ type: 'User', name }),
    serverNonce: newNonce(),
  })
}

function newNonce(): string {
  return randomBytes(24).toString('base64url')
}
