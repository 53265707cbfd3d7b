import type { UserScramCredentialRecord } from '../protocol/structures/user-scram-credential-record.ts'
import { type ScramCredential, type ScramMechanism, scramMechanismOf } from './scram.ts'

/** Users that authenticate with SCRAM. */
export class ScramCredentialTable {
  readonly #byUser = new Map<string, ReadonlyMap<ScramMechanism, ScramCredential>>()

  get users(): ReadonlyMap<string, ReadonlyMap<ScramMechanism, ScramCredential>> {
    return this.#byUser
  }

  find(user: string, mechanism: ScramMechanism): ScramCredential | undefined {
    return this.#byUser.get(user)?.get(mechanism)
  }

  put({ name, mechanism: code, salt, storedKey, serverKey, iterations }: UserScramCredentialRecord): void {
    const mechanism = scramMechanismOf(code)
    if (mechanism === undefined) return
    // Records are views of the bytes that were read.
    const [ownSalt, ownStoredKey, ownServerKey] = [Buffer.from(salt), Buffer.from(storedKey), Buffer.from(serverKey)]
    const credential = { salt: ownSalt, storedKey: ownStoredKey, serverKey: ownServerKey, iterations }
    this.#byUser.set(name, new Map(this.#byUser.get(name)).set(mechanism, credential))
  }

  replaceWith(other: ScramCredentialTable): void {
    this.#byUser.clear()
    for (const [user, credentials] of other.#byUser) this.#byUser.set(user, credentials)
  }

  remove(user: string, code: number): void {
    const mechanism = scramMechanismOf(code)
    if (mechanism === undefined) return
    const left = new Map(this.#byUser.get(user))
    left.delete(mechanism)
    if (left.size === 0) this.#byUser.delete(user)
    else this.#byUser.set(user, left)
  }
}
