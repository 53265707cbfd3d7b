import { createHash, createHmac, pbkdf2, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

const pbkdf2Promise = promisify(pbkdf2)

/** RFC 5802 with the two hashes that Kafka has, under Kafka's codes for them. */
export const scramMechanisms = {
  'SCRAM-SHA-256': { code: 1, hash: 'sha256', keyBytes: 32, iterationsMin: 4096 },
  'SCRAM-SHA-512': { code: 2, hash: 'sha512', keyBytes: 64, iterationsMin: 4096 },
} as const

/** More would let a client that only tries passwords keep this process busy. */
export const iterationsMax = 16_384

export type ScramMechanism = keyof typeof scramMechanisms

export function isScramMechanism(name: string): name is ScramMechanism {
  return name in scramMechanisms
}

export function scramMechanismOf(code: number): ScramMechanism | undefined {
  if (code === scramMechanisms['SCRAM-SHA-256'].code) return 'SCRAM-SHA-256'
  if (code === scramMechanisms['SCRAM-SHA-512'].code) return 'SCRAM-SHA-512'
  return undefined
}

/** What a server keeps of a password: enough to recognise it, not enough to pass for its owner elsewhere. */
export interface ScramCredential {
  readonly salt: Buffer
  readonly storedKey: Buffer
  readonly serverKey: Buffer
  readonly iterations: number
}

export function saltPassword(
  mechanism: ScramMechanism,
  password: string,
  salt: Buffer,
  iterations: number,
): Promise<Buffer> {
  const { hash, keyBytes } = scramMechanisms[mechanism]
  return pbkdf2Promise(password.normalize('NFKC'), salt, iterations, keyBytes, hash)
}

export function credentialOf(
  mechanism: ScramMechanism,
  saltedPassword: Buffer,
  salt: Buffer,
  iterations: number,
): ScramCredential {
  const { hash } = scramMechanisms[mechanism]
  const storedKey = createHash(hash)
    .update(hmac(hash, saltedPassword, 'Client Key'))
    .digest()
  return { salt, storedKey, serverKey: hmac(hash, saltedPassword, 'Server Key'), iterations }
}

/** What a client proves to know, without telling it. */
export function clientProof(mechanism: ScramMechanism, saltedPassword: Buffer, authMessage: string): Buffer {
  const { hash } = scramMechanisms[mechanism]
  const clientKey = hmac(hash, saltedPassword, 'Client Key')
  const storedKey = createHash(hash).update(clientKey).digest()
  return xor(clientKey, hmac(hash, storedKey, authMessage))
}

export function verifiesProof(
  mechanism: ScramMechanism,
  { storedKey }: ScramCredential,
  authMessage: string,
  proof: Buffer,
): boolean {
  const { hash, keyBytes } = scramMechanisms[mechanism]
  if (proof.length !== keyBytes) return false
  const clientKey = xor(proof, hmac(hash, storedKey, authMessage))
  return timingSafeEqual(createHash(hash).update(clientKey).digest(), storedKey)
}

export function serverSignature(mechanism: ScramMechanism, serverKey: Buffer, authMessage: string): Buffer {
  return hmac(scramMechanisms[mechanism].hash, serverKey, authMessage)
}

function hmac(hash: string, key: Buffer, text: string): Buffer {
  return createHmac(hash, key).update(text, 'utf8').digest()
}

function xor(a: Buffer, b: Buffer): Buffer {
  return Buffer.from(a.map((byte, index) => byte ^ (b[index] ?? 0)))
}
