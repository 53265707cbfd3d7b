import { join } from 'node:path'
import type { BrokerConfig } from './config.ts'
import type { BrokerSettings } from './metadata/broker-config.ts'
import type { MetadataCache } from './metadata/cache.ts'
import type { BrokerEndPoint } from './network/controller-channel.ts'
import type { Network } from './network/network.ts'
import { securedNetwork } from './network/secured-network.ts'
import type { Authorizer } from './security/authorizer.ts'
import { hasAuthorizer, openAuthorizer } from './security/authorizer-config.ts'
import { type BrokerCredential, deriveBrokerCredential } from './security/broker-credential.ts'
import { ConfigError } from './security/config-error.ts'
import { type ListenerConfig, parseListeners, securityProtocols, usesTls } from './security/listener-config.ts'
import { clusterSecretFile, isSecuredCluster } from './security/secured-cluster.ts'
import { readTlsConfig } from './security/tls-config.ts'
import { type ControllerPortParts, type ListenerSecurity, openListenerSecurity } from './server/listener-security.ts'
import { type AdmissionLimits, ConnectionAdmission, parseHostOverrides } from './server/quota/connection-admission.ts'
import type { QuotaWindows } from './server/quota/windowed-rate.ts'
import type { World } from './world.ts'

/** Everything about one broker that has to do with who may do what, read once at its start. */
export interface BrokerSecurity {
  /** The one that brokers reach each other by comes first, here and in `endPoints`. */
  readonly listeners: readonly ListenerConfig[]
  readonly endPoints: readonly BrokerEndPoint[]
  readonly hasAuthorizer: boolean
  /** To the other brokers, by their first listener. */
  readonly peerNetwork: Network
  readonly controllerNetwork: Network
  readonly controllerPort: Omit<ControllerPortParts, 'authorizer'>
  readonly quotaWindows: QuotaWindows
  /** One for all listeners. `settings` are those of the moment. */
  admission(metadata: MetadataCache, settings: () => BrokerSettings): ConnectionAdmission
  ofListener(name: string, metadata: MetadataCache): ListenerSecurity
}

/** Throws ConfigError. */
export async function openBrokerSecurity(
  config: BrokerConfig,
  settings: BrokerSettings,
  world: World,
): Promise<BrokerSecurity> {
  const properties = withListeners(config)
  const listeners = parseListeners(properties)
  const { network } = world
  const brokers = isSecuredCluster(properties) ? await readBrokerCredential(config, world) : undefined
  const [first] = listeners
  const tls = first !== undefined && usesTls(first) ? readTlsConfig(properties, first.name) : undefined
  const self = brokers && { nodeId: config.nodeId, credential: brokers }
  const controllerPort = {
    brokers,
    refusalDelayMs: settings.connectionFailedAuthenticationDelayMs,
    tokenBytesMax: settings.saslServerMaxReceiveSize,
  }
  const quotaWindows = { count: settings.quotaWindowNum, sizeMs: settings.quotaWindowSizeSeconds * 1_000 }
  let authorizer: Authorizer | undefined
  return {
    listeners,
    endPoints: listeners.map(({ name, protocol, advertised }) => {
      return { name, ...advertised, securityProtocol: securityProtocols[protocol] }
    }),
    hasAuthorizer: hasAuthorizer(properties),
    peerNetwork: self === undefined ? network : securedNetwork(network, { ...self, tls }),
    controllerNetwork: self === undefined ? network : securedNetwork(network, self),
    controllerPort,
    quotaWindows,
    admission: ({ image }, current) => {
      return new ConnectionAdmission({
        limits: () => admissionLimits(current()),
        quotas: image.clientQuotas,
        windows: quotaWindows,
        clock: world.clock,
      })
    },
    ofListener: (name, { image }) => {
      const listener = listeners.find((one) => one.name === name)
      if (listener === undefined) throw new RangeError(`No listener ${name}`)
      authorizer ??= openAuthorizer(properties, image.acls)
      const { scramCredentials } = image
      return openListenerSecurity(listener, { ...controllerPort, properties, authorizer, scramCredentials })
    },
  }
}

function admissionLimits(settings: BrokerSettings): AdmissionLimits {
  return {
    connectionsMax: settings.maxConnections,
    perHostMax: settings.maxConnectionsPerIp,
    perHostOverrides: parseHostOverrides(settings.maxConnectionsPerIpOverrides),
  }
}

function withListeners({ properties, host, port }: BrokerConfig): ReadonlyMap<string, string> {
  return properties.has('listeners')
    ? properties
    : new Map([...properties, ['listeners', `PLAINTEXT://${host}:${port}`]])
}

async function readBrokerCredential(
  { clusterDirectory, clusterId }: BrokerConfig,
  { fileSystem }: World,
): Promise<BrokerCredential> {
  const path = join(clusterDirectory, clusterSecretFile)
  const secret = await fileSystem.readFile(path)
  if (secret === undefined) throw new ConfigError(`The secret of the cluster is missing: ${path}.`)
  return deriveBrokerCredential(secret.toString('utf8').trim(), clusterId)
}
