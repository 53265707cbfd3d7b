import type { SessionUser } from './contract/session.ts'

/**
 * The one seam between the server process and Next's bundles, which hold their own copies of every module: pages reach
 * the running console only through this slot.
 */
export interface Runtime {
  /** Answers a request to the admin API in this process, without a socket. Cookies decide whose it is. */
  fetchApi(request: Request): Promise<Response>
  findSession(headers: Headers): Promise<SessionUser | undefined>
  /** True until the first admin exists. */
  isSetUpOpen(): boolean
}

declare global {
  var eyrieRuntime: Runtime | undefined
}

export function provideRuntime(runtime: Runtime): void {
  globalThis.eyrieRuntime = runtime
}

export function requireRuntime(): Runtime {
  if (globalThis.eyrieRuntime === undefined) {
    throw new Error('Pages are served by the Eyrie process: start it with `npm start`, not with `next start`.')
  }
  return globalThis.eyrieRuntime
}
