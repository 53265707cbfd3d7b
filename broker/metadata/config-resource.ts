/** What configs belong to, with Kafka's numbers. */
export const configResource = { topic: 2, broker: 4, brokerLogger: 8, clientMetrics: 16, group: 32 } as const

/** Config resources are kept under one string; the empty broker name is the default of all brokers. */
export function configKey(resourceType: number, resourceName: string): string {
  return `${resourceType}:${resourceName}`
}

/** The inverse of `configKey`. Names may hold colons themselves. */
export function parseConfigKey(key: string): [resourceType: number, resourceName: string] {
  const at = key.indexOf(':')
  return [Number(key.slice(0, at)), key.slice(at + 1)]
}
