import { KafkaError, KafkaTransportError, kafkaErrorName } from '../../kafka/kafka-error.ts'
import type { PartName } from '../snapshot.ts'
import type { PartTracker } from './part-tracker.ts'

export interface Failure {
  readonly code: string
  readonly message: string
}

/** What an attempt to read from the cluster ended with. Anything but the two known errors is a bug and goes on. */
export function failureOf(error: unknown): Failure {
  if (error instanceof KafkaError) return { code: error.kafkaError, message: error.message }
  if (error instanceof KafkaTransportError) return { code: error.code, message: error.message }
  throw error
}

/** Gathers what failed in one part over several brokers, and reports the part once. */
export class PartOutcome {
  readonly #failures: Failure[] = []
  readonly #itemErrors = new Map<number, number>()
  #successes = 0

  succeed(): void {
    this.#successes++
  }

  fail(failure: Failure): void {
    this.#failures.push(failure)
  }

  /** One topic, partition or group of an answer that was otherwise read. */
  failItem(errorCode: number): void {
    this.#itemErrors.set(errorCode, (this.#itemErrors.get(errorCode) ?? 0) + 1)
  }

  get hasFailed(): boolean {
    return this.#failures.length > 0 || this.#itemErrors.size > 0
  }

  report(parts: PartTracker, name: PartName, atMs: number): void {
    const messages = this.#failures.map(({ message }) => message)
    for (const [code, count] of this.#itemErrors) messages.push(`${count} not read: ${kafkaErrorName(code)}.`)
    const [firstItemError] = this.#itemErrors.keys()
    const code = this.#failures[0]?.code ?? (firstItemError === undefined ? undefined : kafkaErrorName(firstItemError))
    if (code === undefined) parts.succeed(name, atMs)
    else parts.fail(name, atMs, { code, message: messages.join(' ') }, this.#successes > 0)
  }
}
