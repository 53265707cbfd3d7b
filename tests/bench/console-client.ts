import { readFileSync } from 'node:fs'
import http from 'node:http'

export const admin = { email: 'admin@example.org', password: 'correct horse battery' }

/** What `getconf CLK_TCK` says on every Linux there is. */
const clockTicksPerSecond = 100

export interface Answer {
  readonly body: Buffer
  readonly headers: http.IncomingHttpHeaders
  /** From sending the request to the last byte. */
  readonly tookMs: number
}

/** Asks one console as its admin, over one connection that stays open. */
export class ConsoleClient {
  readonly origin: string
  readonly cookie: string
  readonly #agent = new http.Agent({ keepAlive: true, maxSockets: 1 })

  private constructor(origin: string, cookie: string) {
    this.origin = origin
    this.cookie = cookie
  }

  static async signIn(origin: string): Promise<ConsoleClient> {
    const response = await fetch(`${origin}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(admin),
    })
    if (!response.ok) throw new Error(`Signing in was answered ${response.status}`)
    const cookies = response.headers.getSetCookie().map((cookie) => cookie.split(';')[0])
    return new ConsoleClient(origin, cookies.join('; '))
  }

  get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const startedAt = performance.now()
      const options = { agent: this.#agent, headers: { cookie: this.cookie, ...headers } }
      const request = http.get(`${this.origin}${path}`, options, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.once('error', reject)
        response.once('end', () => {
          if (response.statusCode !== 200) reject(new Error(`${path} was answered ${response.statusCode}`))
          const { headers } = response
          resolve({ headers, body: Buffer.concat(chunks), tookMs: performance.now() - startedAt })
        })
      })
      request.once('error', reject)
    })
  }

  async getJson<T>(path: string): Promise<T> {
    const { body } = await this.get(path)
    return JSON.parse(body.toString())
  }

  close(): void {
    this.#agent.destroy()
  }
}

/** What a process has used since its start. */
export function cpuMsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The command in parentheses may hold blanks; the first field after it is the third, user and system time are 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return ((Number(fields[11]) + Number(fields[12])) * 1_000) / clockTicksPerSecond
}

export function residentBytesOf(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024
}
