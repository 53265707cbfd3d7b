import { readFileSync } from 'node:fs'
import { createSecureContext, type SecureContextOptions, type SecureVersion } from 'node:tls'
import { ConfigError } from './config-error.ts'
import { listenerProperty } from './listener-config.ts'
import { type PrincipalMapping, parsePrincipalMapping } from './principal-mapping.ts'

/** Whether a client shows a certificate: `requested` ones may be absent, but not wrong. */
export type ClientAuth = 'none' | 'requested' | 'required'

export interface TlsConfig {
  /** Key, certificates and trusted authorities as Node takes them. */
  readonly context: SecureContextOptions
  readonly clientAuth: ClientAuth
  readonly principalOf: PrincipalMapping
}

type Lookup = (property: string) => string | undefined

const unserved = ['ssl.cipher.suites', 'ssl.engine.factory.class', 'ssl.provider'] as const

/** What a listener with TLS is made of. Throws ConfigError. */
export function readTlsConfig(properties: ReadonlyMap<string, string>, listenerName: string): TlsConfig {
  const lookup: Lookup = (property) => {
    const value = listenerProperty(properties, listenerName, property)
    return value === undefined || value === '' ? undefined : value
  }
  for (const name of unserved) {
    if (lookup(name) !== undefined) throw new ConfigError(`${name} is not served by this broker: leave it out.`)
  }
  const context = { ...keyStoreOf(lookup, listenerName), ...trustStoreOf(lookup), ...versionsOf(lookup) }
  try {
    createSecureContext(context)
  } catch (cause) {
    throw new ConfigError(`The certificate or key of listener ${listenerName} cannot be used: ${reasonOf(cause)}.`, {
      cause,
    })
  }
  return { context, clientAuth: clientAuthOf(lookup), principalOf: mappingOf(lookup) }
}

function keyStoreOf(lookup: Lookup, listenerName: string): SecureContextOptions {
  const type = (lookup('ssl.keystore.type') ?? 'JKS').toUpperCase()
  const location = lookup('ssl.keystore.location')
  const passphrase = lookup('ssl.key.password')
  const withPassphrase = passphrase === undefined ? {} : { passphrase }
  if (type === 'PEM') {
    const chain = lookup('ssl.keystore.certificate.chain')
    const key = lookup('ssl.keystore.key')
    if (location !== undefined) {
      const pem = readStore('ssl.keystore.location', location)
      return { cert: pem, key: pem, ...withPassphrase }
    }
    if (chain === undefined || key === undefined) {
      throw new ConfigError(
        `Listener ${listenerName} needs a certificate: set ssl.keystore.location, or ssl.keystore.certificate.chain ` +
          'and ssl.keystore.key.',
      )
    }
    return { cert: unfold(chain), key: unfold(key), ...withPassphrase }
  }
  if (location === undefined) {
    throw new ConfigError(
      `Listener ${listenerName} needs a certificate: set ssl.keystore.type=PEM and ssl.keystore.location.`,
    )
  }
  if (type !== 'PKCS12') throw javaStore('ssl.keystore')
  const password = lookup('ssl.keystore.password')
  return {
    pfx: readStore('ssl.keystore.location', location),
    ...(password === undefined ? {} : { passphrase: password }),
  }
}

function trustStoreOf(lookup: Lookup): SecureContextOptions {
  const location = lookup('ssl.truststore.location')
  const certificates = lookup('ssl.truststore.certificates')
  if (location === undefined && certificates === undefined) return {}
  if ((lookup('ssl.truststore.type') ?? 'JKS').toUpperCase() !== 'PEM') throw javaStore('ssl.truststore')
  if (location !== undefined) return { ca: readStore('ssl.truststore.location', location) }
  return { ca: unfold(certificates ?? '') }
}

function javaStore(prefix: string): ConfigError {
  const other = prefix === 'ssl.keystore' ? ' or PKCS12' : ''
  return new ConfigError(
    `${prefix}.type must be PEM${other}: Java's own key stores are not read here. keytool and openssl convert them.`,
  )
}

function readStore(property: string, path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (cause) {
    throw new ConfigError(`${property} cannot be read: ${reasonOf(cause)}.`, { cause })
  }
}

/** A PEM text in a properties file may be one line, with its line breaks written as `\n`. */
function unfold(pem: string): string {
  const lines = pem.replaceAll('\\n', '\n').trim()
  return lines.replace(/-----BEGIN ([A-Z0-9 ]+)-----\s*([^-]*?)\s*-----END \1-----/g, (_, label, body: string) => {
    return `-----BEGIN ${label}-----\n${body.replace(/\s+/g, '\n')}\n-----END ${label}-----\n`
  })
}

function versionsOf(lookup: Lookup): SecureContextOptions {
  const names = (lookup('ssl.enabled.protocols') ?? 'TLSv1.2,TLSv1.3').split(',').map((name) => name.trim())
  const versions = names.map((name): SecureVersion => {
    if (name === 'TLSv1.2' || name === 'TLSv1.3') return name
    throw new ConfigError(`ssl.enabled.protocols has ${name}: this broker speaks TLSv1.2 and TLSv1.3.`)
  })
  const [minVersion = 'TLSv1.2', maxVersion = minVersion] = versions.toSorted()
  return { minVersion, maxVersion }
}

function clientAuthOf(lookup: Lookup): ClientAuth {
  const text = lookup('ssl.client.auth') ?? 'none'
  if (text === 'none' || text === 'requested' || text === 'required') return text
  throw new ConfigError(`ssl.client.auth is ${text}: write required, requested or none.`)
}

function mappingOf(lookup: Lookup): PrincipalMapping {
  try {
    return parsePrincipalMapping(lookup('ssl.principal.mapping.rules') ?? 'DEFAULT')
  } catch (cause) {
    throw new ConfigError(`ssl.principal.mapping.rules cannot be read: ${reasonOf(cause)}.`, { cause })
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
