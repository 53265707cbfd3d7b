import type { BrokerAddress } from './broker-connection.ts'

/** Throws a RangeError that names the entry when the list is not `host:port,…`. */
export function parseBootstrap(bootstrap: string): BrokerAddress[] {
  return bootstrap.split(',').map((entry) => {
    const match = /^(?:\[(?<v6>[^\]]+)\]|(?<host>[^:\s]+)):(?<port>\d{1,5})$/.exec(entry.trim())
    const host = match?.groups?.v6 ?? match?.groups?.host
    const port = Number(match?.groups?.port)
    if (host === undefined || port < 1 || port > 65_535) throw new RangeError(`"${entry}" is not host:port`)
    return { host, port }
  })
}
