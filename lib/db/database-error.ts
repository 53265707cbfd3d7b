/** Why the database cannot be used, in one sentence that the person at the terminal can act on. */
export class DatabaseError extends Error {
  constructor(sentence: string, options: { cause?: unknown } = {}) {
    super(sentence, options)
    this.name = 'DatabaseError'
  }
}
