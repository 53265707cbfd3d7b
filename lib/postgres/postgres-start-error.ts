/** Why the embedded Postgres cannot start, in one sentence that the person at the terminal can act on. */
export class PostgresStartError extends Error {
  constructor(sentence: string, options: { cause?: unknown } = {}) {
    super(sentence, options)
    this.name = 'PostgresStartError'
  }
}
