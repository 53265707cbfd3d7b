import { ConfigError } from './config-error.ts'
import { parseJaasConfig, plainUsersOf } from './jaas.ts'
import { listenerProperty } from './listener-config.ts'
import { isScramMechanism } from './scram.ts'

export interface SaslConfig {
  /** `sasl.enabled.mechanisms`, in their order. */
  readonly mechanisms: readonly string[]
  /** The passwords of PLAIN, by user. */
  readonly plainUsers: ReadonlyMap<string, string>
  /** `connections.max.reauth.ms`: how long a client counts as authenticated; 0 is for as long as it is connected. */
  readonly reauthMsMax: number
}

/** What a listener with SASL is made of. Throws ConfigError. */
export function readSaslConfig(properties: ReadonlyMap<string, string>, listenerName: string): SaslConfig {
  const lookup = (property: string) => listenerProperty(properties, listenerName, property)
  const mechanisms = (lookup('sasl.enabled.mechanisms') ?? 'GSSAPI')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  for (const mechanism of mechanisms) {
    if (mechanism === 'PLAIN' || isScramMechanism(mechanism)) continue
    throw new ConfigError(
      `Listener ${listenerName} would need the SASL mechanism ${mechanism}: set sasl.enabled.mechanisms to some of ` +
        'PLAIN, SCRAM-SHA-256, SCRAM-SHA-512.',
    )
  }
  const plainUsers = mechanisms.includes('PLAIN') ? readPlainUsers(properties, listenerName) : new Map<string, string>()
  const reauthMs = lookup('connections.max.reauth.ms') ?? '0'
  return { mechanisms, plainUsers, reauthMsMax: requireWholeNumber('connections.max.reauth.ms', reauthMs) }
}

function readPlainUsers(properties: ReadonlyMap<string, string>, listenerName: string): ReadonlyMap<string, string> {
  const own = `listener.name.${listenerName.toLowerCase()}.plain.sasl.jaas.config`
  const text = properties.get(own) ?? properties.get('sasl.jaas.config')
  if (text === undefined) throw new ConfigError(`Listener ${listenerName} has PLAIN but no users: set ${own}.`)
  try {
    return plainUsersOf(parseJaasConfig(text))
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new ConfigError(`${properties.has(own) ? own : 'sasl.jaas.config'} cannot be read: ${reason}.`, { cause })
  }
}

function requireWholeNumber(property: string, text: string): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= 0) return value
  throw new ConfigError(`${property} is ${text}: write a whole number of milliseconds.`)
}
