import type { Part } from '../../contract/part.ts'
import { type PartName, partNames } from '../snapshot.ts'

/** How fresh each part is. A failure keeps the time of the last success and remembers since when it lasts. */
export class PartTracker {
  readonly #parts = new Map<PartName, Part>(partNames.map((name) => [name, { asOfMs: null, problem: null }]))

  succeed(name: PartName, atMs: number): void {
    this.#parts.set(name, { asOfMs: atMs, problem: null })
  }

  /** `readSomething` moves the age on although a part of it failed. */
  fail(name: PartName, atMs: number, problem: { code: string; message: string }, readSomething = false): void {
    const before = this.#get(name)
    this.#parts.set(name, {
      asOfMs: readSomething ? atMs : before.asOfMs,
      problem: { ...problem, sinceMs: before.problem?.sinceMs ?? atMs },
    })
  }

  hasProblem(name: PartName): boolean {
    return this.#get(name).problem !== null
  }

  snapshot(): Record<PartName, Part> {
    const part = (name: PartName) => this.#get(name)
    return {
      metadata: part('metadata'),
      committedOffsets: part('committedOffsets'),
      endOffsets: part('endOffsets'),
      startOffsets: part('startOffsets'),
      groups: part('groups'),
      groupMembers: part('groupMembers'),
      logDirs: part('logDirs'),
      quorum: part('quorum'),
      configs: part('configs'),
    }
  }

  #get(name: PartName): Part {
    return this.#parts.get(name) ?? { asOfMs: null, problem: null }
  }
}
