import type { Principal } from './principal.ts'
import { invalidCredentials, type SaslExchange, SaslRefusal, type SaslStep } from './sasl-mechanism.ts'
import { type ScramCredential, type ScramMechanism, serverSignature, verifiesProof } from './scram.ts'

/** RFC 5802 messages: attributes of one letter, with commas between. */
const clientFirstMessage = /^(n,(?:a=([^,]*))?,)((?:m=[^,]+,)?n=([^,]+),r=([^,]+)((?:,[a-zA-Z]=[^,]*)*))$/
const clientFinalMessage = /^(c=([^,]+),r=([^,]+)(?:,[a-zA-Z]=[^,]*)*),p=([^,]+)$/

interface Challenge {
  readonly username: string
  readonly credential: ScramCredential
  readonly gs2Header: string
  readonly nonce: string
  /** Client's first message and the server's, as they are signed. */
  readonly said: string
}

/** The server's side of one SCRAM exchange: challenge, then proof. */
export class ScramExchange implements SaslExchange {
  readonly #mechanism: ScramMechanism
  readonly #findCredential: (username: string) => ScramCredential | undefined
  readonly #principalOf: (username: string) => Principal
  readonly #serverNonce: string
  #challenge: Challenge | undefined

  constructor(options: {
    mechanism: ScramMechanism
    findCredential: (username: string) => ScramCredential | undefined
    principalOf: (username: string) => Principal
    /** Random, printable, without a comma. */
    serverNonce: string
  }) {
    this.#mechanism = options.mechanism
    this.#findCredential = options.findCredential
    this.#principalOf = options.principalOf
    this.#serverNonce = options.serverNonce
  }

  step(token: Buffer): SaslStep {
    const text = token.toString('utf8')
    return this.#challenge === undefined ? this.#begin(text) : this.#finish(text, this.#challenge)
  }

  #begin(text: string): SaslStep {
    const match = clientFirstMessage.exec(text)
    if (match === null) throw invalidCredentials(this.#mechanism)
    const [, gs2Header = '', authorizationId = '', bare = '', saslName = '', clientNonce = ''] = match
    const username = decodeSaslName(saslName)
    const credential = this.#findCredential(username)
    if (credential === undefined) throw invalidCredentials(this.#mechanism)
    if (authorizationId !== '' && decodeSaslName(authorizationId) !== username) {
      throw new SaslRefusal(
        'Authentication failed: Client requested an authorization id that is different from username',
      )
    }
    const nonce = clientNonce + this.#serverNonce
    const reply = `r=${nonce},s=${credential.salt.toString('base64')},i=${credential.iterations}`
    this.#challenge = { username, credential, gs2Header, nonce, said: `${bare},${reply}` }
    return { token: Buffer.from(reply, 'utf8') }
  }

  #finish(text: string, { username, credential, gs2Header, nonce, said }: Challenge): SaslStep {
    const match = clientFinalMessage.exec(text)
    if (match === null) throw invalidCredentials(this.#mechanism)
    const [, withoutProof = '', channelBinding = '', answeredNonce, proof = ''] = match
    const authMessage = `${said},${withoutProof}`
    const isBound = Buffer.from(channelBinding, 'base64').toString('utf8') === gs2Header
    // librdkafka before 2.6.1 puts its own nonce in front once more; Kafka lets it.
    if (!isBound || !answeredNonce?.endsWith(nonce)) throw invalidCredentials(this.#mechanism)
    if (!verifiesProof(this.#mechanism, credential, authMessage, Buffer.from(proof, 'base64'))) {
      throw invalidCredentials(this.#mechanism)
    }
    const signature = serverSignature(this.#mechanism, credential.serverKey, authMessage)
    return { token: Buffer.from(`v=${signature.toString('base64')}`, 'utf8'), principal: this.#principalOf(username) }
  }
}

/** Commas and equals signs of a name are written as numbers. */
function decodeSaslName(name: string): string {
  return name.replaceAll('=2C', ',').replaceAll('=3D', '=')
}
