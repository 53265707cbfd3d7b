import { randomBytes } from 'node:crypto'
import type { RequestListener } from 'node:http'

/**
 * Gives each page a strict content security policy. Next reads the policy from the request's headers and puts its
 * nonce on every script it writes; pages read `x-nonce` for theirs and `x-eyrie-path` for where to return after signing
 * in. What a client sent under these names is overwritten.
 *
 * Styles stay open to inline ones: Mantine and the charts set them per element.
 */
export function withPageHeaders(pages: RequestListener, options: { isDevelopment: boolean }): RequestListener {
  return (request, response) => {
    const nonce = randomBytes(16).toString('base64')
    const policy = writePolicy(nonce, options.isDevelopment)
    request.headers['content-security-policy'] = policy
    request.headers['x-nonce'] = nonce
    request.headers['x-eyrie-path'] = request.url ?? '/'
    response.setHeader('content-security-policy', policy)
    pages(request, response)
  }
}

function writePolicy(nonce: string, isDevelopment: boolean): string {
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${isDevelopment ? " 'unsafe-eval'" : ''}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}
