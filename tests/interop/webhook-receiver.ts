import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface WebhookReceiver {
  readonly url: string
  /** Bodies in the order of their arrival. */
  readonly received: readonly WebhookBody[]
  stop(): Promise<void>
}

/** What is read of an Alertmanager webhook. */
export interface WebhookBody {
  readonly status: 'firing' | 'resolved'
  readonly groupLabels: Readonly<Record<string, string>>
  readonly commonAnnotations: Readonly<Record<string, string>>
}

export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const received: WebhookBody[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    received.push(JSON.parse(Buffer.concat(chunks).toString('utf8')))
    response.writeHead(204).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/alerts`,
    received,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
