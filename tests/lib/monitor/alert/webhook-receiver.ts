import http from 'node:http'
import type { AddressInfo } from 'node:net'

export interface ReceivedWebhook {
  readonly headers: http.IncomingHttpHeaders
  readonly body: string
}

/** A real receiver on a free loopback port: what it got, and what it is to answer. */
export class WebhookReceiver {
  readonly received: ReceivedWebhook[] = []
  /** Status and headers of the next answers, in order; 204 when there are none. `hang` answers nothing. */
  readonly answers: ({ status: number; headers?: Record<string, string> } | 'hang')[] = []
  readonly #server: http.Server
  #waiting: (() => void)[] = []

  private constructor(server: http.Server) {
    this.#server = server
  }

  static async start(): Promise<WebhookReceiver> {
    const server = http.createServer()
    const receiver = new WebhookReceiver(server)
    server.on('request', (request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        receiver.received.push({ headers: request.headers, body: Buffer.concat(chunks).toString('utf8') })
        const answer = receiver.answers.shift() ?? { status: 204 }
        if (answer !== 'hang') response.writeHead(answer.status, answer.headers).end()
        for (const wake of receiver.#waiting.splice(0)) wake()
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return receiver
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hook`
  }

  /** Resolves once so many were received in all. */
  async count(wanted: number): Promise<void> {
    const deadline = performance.now() + 10_000
    while (this.received.length < wanted) {
      if (performance.now() > deadline) throw new Error(`${this.received.length} of ${wanted} webhooks after 10 s`)
      const wake = new Promise<void>((resolve) => this.#waiting.push(resolve))
      await Promise.race([wake, new Promise((resolve) => setTimeout(resolve, 100))])
    }
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}
