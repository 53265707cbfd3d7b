import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'
import { makeDataDirectory, startEyrie } from '../support/eyrie-process.ts'
import { findChromiumFault } from './chromium.ts'

export interface SuiteServer {
  readonly url: string
  readonly bootstrap: string
  /** Of the main process, whose children the brokers are. */
  readonly pid: number
}

declare module 'vitest' {
  export interface ProvidedContext {
    server: SuiteServer
  }
}

export const admin = { email: 'admin@example.org', password: 'a long enough password' }

const launcher = fileURLToPath(new URL('../../lib/launch.js', import.meta.url))

/** One Eyrie for the whole suite, with the demo's shop open on it so that every screen has something to show. */
export default async function startSuiteServer(project: TestProject): Promise<() => Promise<void>> {
  const fault = findChromiumFault()
  if (fault !== undefined) {
    process.stderr.write(`${fault}\n`)
    process.exit(1)
  }
  const data = await makeDataDirectory()
  const eyrie = await startEyrie({
    dataDirectory: data.path,
    environment: { EYRIE_ADMIN_EMAIL: admin.email, EYRIE_ADMIN_PASSWORD: admin.password },
  })
  const demo = spawn(process.execPath, [launcher, 'demo', '--brokers', eyrie.bootstrap], { stdio: 'ignore' })
  project.provide('server', { url: eyrie.url, bootstrap: eyrie.bootstrap, pid: eyrie.pid })
  return async () => {
    demo.kill()
    await once(demo, 'exit')
    await eyrie.end()
    if (eyrie.errors !== '') process.stderr.write(`Eyrie said on stderr:\n${eyrie.errors}\n`)
    await data.remove()
  }
}
