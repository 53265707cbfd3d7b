import { ConfigError } from './config-error.ts'

/** Kafka's security protocols with their numbers in registrations. */
export const securityProtocols = { PLAINTEXT: 0, SSL: 1, SASL_PLAINTEXT: 2, SASL_SSL: 3 } as const

export type SecurityProtocol = keyof typeof securityProtocols

/** One entry of `listeners`, with where clients are told to find it. */
export interface ListenerConfig {
  readonly name: string
  readonly protocol: SecurityProtocol
  /** Empty for every address of the machine. */
  readonly host: string
  readonly port: number
  readonly advertised: { readonly host: string; readonly port: number }
}

interface Address {
  readonly name: string
  readonly host: string
  readonly port: number
}

type Properties = ReadonlyMap<string, string>

const addressText = /^([A-Za-z0-9_-]+):\/\/(?:\[([0-9a-fA-F:.%]+)\]|([^:[\]]*)):(-?\d+)$/
const everyAddress: ReadonlySet<string> = new Set(['', '0.0.0.0', '::'])

export function usesTls({ protocol }: { protocol: SecurityProtocol }): boolean {
  return protocol === 'SSL' || protocol === 'SASL_SSL'
}

export function usesSasl({ protocol }: { protocol: SecurityProtocol }): boolean {
  return protocol === 'SASL_PLAINTEXT' || protocol === 'SASL_SSL'
}

/** The listeners of one broker, the one that brokers reach each other by first. Throws ConfigError. */
export function parseListeners(properties: Properties): ListenerConfig[] {
  const addresses = parseAddresses('listeners', properties.get('listeners') ?? '')
  if (addresses.length === 0) throw new ConfigError('listeners names no listener: write name://host:port.')
  requireDistinct(addresses)
  const protocols = parseProtocolMap(properties)
  const advertised = new Map(
    parseAddresses('advertised.listeners', properties.get('advertised.listeners') ?? '').map((address) => [
      address.name,
      address,
    ]),
  )
  for (const name of advertised.keys()) {
    if (addresses.some((address) => address.name === name)) continue
    throw new ConfigError(`advertised.listeners names ${name}, which is not in listeners.`)
  }
  const listeners = addresses.map(({ name, host, port }) => ({
    name,
    protocol: protocolOf(name, protocols),
    host,
    port,
    advertised: advertisedOf(name, advertised.get(name), { host, port }),
  }))
  const interBroker = interBrokerListener(listeners, properties)
  return [interBroker, ...listeners.filter((listener) => listener !== interBroker)]
}

/** Adds to every port of a list such as `listeners`: what a file says is the first broker's, others follow. */
export function shiftPorts(property: string, text: string, by: number): string {
  const shifted = parseAddresses(property, text).map(({ name, host, port }) => {
    return `${name}://${host.includes(':') ? `[${host}]` : host}:${port === 0 ? 0 : port + by}`
  })
  return shifted.join(',')
}

function parseAddresses(property: string, text: string): Address[] {
  const entries = text.split(',').map((entry) => entry.trim())
  return entries
    .filter((entry) => entry !== '')
    .map((entry) => {
      const match = addressText.exec(entry)
      const port = Number(match?.[4])
      if (match === null || port < 0 || port > 65_535) {
        throw new ConfigError(`${property} has ${entry}, which is not of the form name://host:port.`)
      }
      return { name: (match[1] ?? '').toUpperCase(), host: match[2] ?? match[3] ?? '', port }
    })
}

function requireDistinct(addresses: readonly Address[]): void {
  const names = addresses.map(({ name }) => name)
  const doubled = names.find((name, index) => names.indexOf(name) !== index)
  if (doubled !== undefined) throw new ConfigError(`listeners names ${doubled} twice: each listener needs a name.`)
  const ports = addresses.map(({ port }) => port).filter((port) => port !== 0)
  const shared = ports.find((port, index) => ports.indexOf(port) !== index)
  if (shared !== undefined) throw new ConfigError(`listeners has port ${shared} twice: each listener needs its own.`)
}

function parseProtocolMap(properties: Properties): ReadonlyMap<string, string> {
  const protocols = new Map<string, string>(Object.keys(securityProtocols).map((name) => [name, name]))
  const text = properties.get('listener.security.protocol.map')
  if (text === undefined) return protocols
  // A map that is given stands alone, as in Kafka.
  protocols.clear()
  for (const entry of text.split(',').filter((part) => part.trim() !== '')) {
    const [name = '', protocol = ''] = entry.split(':').map((part) => part.trim())
    protocols.set(name.toUpperCase(), protocol.toUpperCase())
  }
  return protocols
}

function protocolOf(name: string, protocols: ReadonlyMap<string, string>): SecurityProtocol {
  const protocol = protocols.get(name)
  if (protocol === undefined) {
    throw new ConfigError(
      `No security protocol is defined for listener ${name}: add it to listener.security.protocol.map.`,
    )
  }
  if (isSecurityProtocol(protocol)) return protocol
  const known = Object.keys(securityProtocols).join(', ')
  throw new ConfigError(`listener.security.protocol.map gives ${name} the protocol ${protocol}: there are ${known}.`)
}

function isSecurityProtocol(text: string): text is SecurityProtocol {
  return text in securityProtocols
}

function advertisedOf(name: string, advertised: Address | undefined, own: { host: string; port: number }) {
  const { host, port } = advertised ?? own
  if (advertised !== undefined && everyAddress.has(host)) {
    throw new ConfigError(`advertised.listeners gives ${name} no address that clients can use: name a host.`)
  }
  return { host: everyAddress.has(host) ? 'localhost' : host, port }
}

function interBrokerListener(listeners: readonly ListenerConfig[], properties: Properties): ListenerConfig {
  const name = properties.get('inter.broker.listener.name')
  const protocol = properties.get('security.inter.broker.protocol')
  if (name !== undefined && protocol !== undefined) {
    throw new ConfigError('Only one of inter.broker.listener.name and security.inter.broker.protocol should be set.')
  }
  const isMeant = (listener: ListenerConfig) =>
    name === undefined ? protocol === undefined || listener.protocol === protocol : listener.name === name.toUpperCase()
  const found = listeners.find(isMeant)
  if (found !== undefined) return found
  throw new ConfigError(
    name === undefined
      ? `security.inter.broker.protocol is ${protocol}, which no listener has.`
      : `inter.broker.listener.name is ${name}, which is not in listeners.`,
  )
}

/** One property as it applies to a listener: `listener.name.x.property`, else `property`. */
export function listenerProperty(properties: Properties, listenerName: string, property: string): string | undefined {
  return properties.get(`listener.name.${listenerName.toLowerCase()}.${property}`) ?? properties.get(property)
}
