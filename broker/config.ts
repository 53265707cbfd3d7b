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

export function formatBrokerConfig(config: BrokerConfig): string {
  return JSON.stringify({ ...config, properties: Object.fromEntries(config.properties) })
}

/** Reads what `formatBrokerConfig` wrote. */
export function parseBrokerConfig(text: string): BrokerConfig {
  const config: Omit<BrokerConfig, 'properties'> & { properties: Record<string, string> } = JSON.parse(text)
  return { ...config, properties: new Map(Object.entries(config.properties)) }
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
