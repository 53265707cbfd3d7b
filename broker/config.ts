/** What one broker process is started with. Crosses the process boundary as JSON, see `parseBrokerConfig`. */
export interface BrokerConfig {
  readonly nodeId: number
  readonly clusterId: string
  readonly host: string
  readonly port: number
  /** Held by the broker that is the controller; the same for all brokers of a cluster. */
  readonly controllerPort: number
  /** Holds the cluster's metadata log and a folder for each broker. */
  readonly clusterDirectory: string
  /** Under the names of Kafka's server.properties. */
  readonly properties: ReadonlyMap<string, string>
}

/** In the environment of a broker's process. */
export const secretsVariable = 'EYRIE_BROKER_SECRETS'

/** Properties that other users of the machine must not see, as they would see a command line. */
const secretName = /(password|\.key|certificate\.chain|truststore\.certificates|jaas\.config)$/

/** `argument` may stand on a command line, `secrets` in an environment. */
export function formatBrokerConfig(config: BrokerConfig): { argument: string; secrets: string } {
  const entries = [...config.properties]
  const open = Object.fromEntries(entries.filter(([name]) => !secretName.test(name)))
  const secrets = Object.fromEntries(entries.filter(([name]) => secretName.test(name)))
  return { argument: JSON.stringify({ ...config, properties: open }), secrets: JSON.stringify(secrets) }
}

/** Reads what `formatBrokerConfig` wrote. */
export function parseBrokerConfig(argument: string, secrets: string): BrokerConfig {
  const config: Omit<BrokerConfig, 'properties'> & { properties: Record<string, string> } = JSON.parse(argument)
  const secret: Record<string, string> = JSON.parse(secrets)
  return { ...config, properties: new Map([...Object.entries(config.properties), ...Object.entries(secret)]) }
}

/** Reads the lines of a server.properties file: `name=value`, comments with `#` or `!`. */
export function parseProperties(text: string): Map<string, string> {
  const properties = new Map<string, string>()
  for (const line of text.split(/\r?\n/)) {
    const match = /^\s*([^#!\s=:][^\s=:]*)\s*[=:]\s*(.*?)\s*$/.exec(line)
    if (match?.[1] !== undefined) properties.set(match[1], match[2] ?? '')
  }
  return properties
}
