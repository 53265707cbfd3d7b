import { createServer, type Server } from 'node:net'

const host = '127.0.0.1'
const firstPort = 20_000
/** Below the range that outgoing connections take their ports from. */
const lastPort = 32_000

/** The first of `count` ports in a row that nobody holds at the moment. */
export async function findFreePorts(count: number): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const first = firstPort + Math.floor(Math.random() * (lastPort - firstPort - count))
    if (await areFree(first, count)) return first
  }
  throw new Error(`No ${count} free ports in a row were found`)
}

async function areFree(first: number, count: number): Promise<boolean> {
  const servers: Server[] = []
  try {
    for (let port = first; port < first + count; port++) servers.push(await hold(port))
    return true
  } catch {
    return false
  } finally {
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  }
}

function hold(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen({ host, port, exclusive: true }, () => resolve(server))
  })
}
