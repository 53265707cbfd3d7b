import type { Config } from '../config.ts'
import type { HttpDoor } from '../http/http-door.ts'
import { isPortFree } from './is-port-free.ts'

const portDefault = 3000
/** How far the default port moves on when it is taken. */
const portsTried = 20

/** Binds before anything slow is started, so that a taken port is told at once. */
export async function listen(door: HttpDoor, config: Pick<Config, 'port' | 'host'>): Promise<number> {
  if (config.port !== undefined) return door.listen(config.host, config.port)
  for (let port = portDefault; port < portDefault + portsTried; port++) {
    if (await isPortFree(port, config.host)) return door.listen(config.host, port)
  }
  return door.listen(config.host, portDefault)
}
