import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import type { Duplex } from 'node:stream'
import type { UpgradeListener } from '../http/http-door.ts'
import { withPageHeaders } from '../http/with-page-headers.ts'

export interface Pages {
  readonly listener: RequestListener
  /** Reloading while developing; production has no sockets of its own. */
  readonly upgrade: UpgradeListener | undefined
}

export interface PagesOptions {
  readonly isDevelopment: boolean
  readonly projectDirectory: string
  /** The address that Next is to believe it is served at. */
  readonly hostname: string
  readonly port: number
}

/** What we use of Next, which is CommonJS: what its types say of a default import holds in a bundler only. */
interface NextApp {
  prepare(): Promise<void>
  getRequestHandler(): (request: IncomingMessage, response: ServerResponse) => Promise<void>
  getUpgradeHandler(): (request: IncomingMessage, socket: Duplex, head: Buffer) => Promise<void>
}

interface NextOptions {
  readonly dev: boolean
  readonly dir: string
  readonly hostname: string
  readonly port: number
}

/** Next, without a server of its own. */
export async function startPages(options: PagesOptions): Promise<Pages> {
  const { isDevelopment, projectDirectory, hostname, port } = options
  const createNext: (options: NextOptions) => NextApp = createRequire(import.meta.url)('next')
  const app = createNext({ dev: isDevelopment, dir: projectDirectory, hostname, port })
  await app.prepare()
  const handle = app.getRequestHandler()
  const upgrade = app.getUpgradeHandler()
  const pages: RequestListener = (request, response) => void handle(request, response)
  return {
    listener: withPageHeaders(isDevelopment ? pages : onlyReads(pages), { isDevelopment }),
    upgrade: isDevelopment ? (request, socket, head) => void upgrade(request, socket, head) : undefined,
  }
}

/** Pages are read; what changes something is the API's, which bounds the bodies that it takes. */
function onlyReads(pages: RequestListener): RequestListener {
  return (request, response) => {
    if (request.method === 'GET' || request.method === 'HEAD') pages(request, response)
    else response.writeHead(405, { allow: 'GET, HEAD', connection: 'close' }).end()
  }
}
