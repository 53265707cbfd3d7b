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

/**
 * Reads a server.properties file as Java does: `name=value`, comments with `#` or `!`, a backslash at the end of a line goes
 * on in the next one, and other backslashes keep or name a character. Spaces around a value do not count.
 */
export function parseProperties(text: string): Map<string, string> {
  const properties = new Map<string, string>()
  for (const line of logicalLines(text)) {
    const match = /^((?:\\.|[^\s=:\\])+)(?:\s*[=:]\s*|\s+|$)(.*)$/.exec(line)
    if (match?.[1] !== undefined) properties.set(resolveEscapes(match[1]), resolveEscapes(match[2] ?? '').trim())
  }
  return properties
}

function logicalLines(text: string): string[] {
  const lines: string[] = []
  let begun: string | undefined
  for (const natural of text.split(/\r?\n/)) {
    const line: string = natural.trimStart()
    if (begun === undefined && /^([#!]|$)/.test(line)) continue
    const isContinued = /(?<!\\)(?:\\\\)*\\$/.test(line)
    const part = (begun ?? '') + (isContinued ? line.slice(0, -1) : line)
    if (!isContinued) lines.push(part)
    begun = isContinued ? part : undefined
  }
  return begun === undefined ? lines : [...lines, begun]
}

const escapes: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' }

function resolveEscapes(text: string): string {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/g, (_, code: string | undefined, character: string) => {
    return code === undefined ? (escapes[character] ?? character) : String.fromCharCode(Number.parseInt(code, 16))
  })
}
