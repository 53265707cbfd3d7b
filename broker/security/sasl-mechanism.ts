import type { Principal } from './principal.ts'

/** What a mechanism says to one token of the client. A principal ends the exchange. */
export interface SaslStep {
  readonly token: Buffer
  readonly principal?: Principal
}

/** The server's side of one exchange. `step` throws SaslRefusal when the client has not proved who it is. */
export interface SaslExchange {
  step(token: Buffer): SaslStep
}

/** Who a client claims to be is not proved. The message goes to the client. */
export class SaslRefusal extends Error {
  override readonly name = 'SaslRefusal'
}

/** Kafka's sentence where a mechanism has none of its own. */
export function invalidCredentials(mechanism: string): SaslRefusal {
  return new SaslRefusal(
    `Authentication failed during authentication due to invalid credentials with SASL mechanism ${mechanism}`,
  )
}
