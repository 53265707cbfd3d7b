import { timingSafeEqual } from 'node:crypto'
import { type SaslExchange, SaslRefusal } from './sasl-mechanism.ts'

/** RFC 4616: one token with the name and the password. `passwords` are the users of the listener's JAAS configuration. */
export function plainExchange(passwords: ReadonlyMap<string, string>): SaslExchange {
  return {
    step(token) {
      const { authorizationId, username, password } = parsePlainToken(token.toString('utf8'))
      const expected = passwords.get(username)
      if (expected === undefined || !isSameText(expected, password)) {
        throw new SaslRefusal('Authentication failed: Invalid username or password')
      }
      if (authorizationId !== '' && authorizationId !== username) {
        throw new SaslRefusal(
          'Authentication failed: Client requested an authorization id that is different from username',
        )
      }
      return { token: Buffer.alloc(0), principal: { type: 'User', name: username } }
    },
  }
}

function parsePlainToken(text: string) {
  const parts = text.split('\0')
  const [authorizationId = '', username = '', password = ''] = parts
  if (parts.length !== 3) throw new SaslRefusal(`Invalid SASL/PLAIN response: expected 3 tokens, got ${parts.length}`)
  if (username === '') throw new SaslRefusal('Authentication failed: username not specified')
  if (password === '') throw new SaslRefusal('Authentication failed: password not specified')
  return { authorizationId, username, password }
}

/** Takes as long for a password that is nearly right as for one that is not. */
function isSameText(expected: string, given: string): boolean {
  const a = Buffer.from(expected, 'utf8')
  const b = Buffer.from(given, 'utf8')
  return timingSafeEqual(a, b.length === a.length ? b : Buffer.alloc(a.length)) && a.length === b.length
}
