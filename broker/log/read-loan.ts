import type { LogFile } from './file-system.ts'
import type { Slab } from './tail-cache.ts'

/** As much as a client asks of one partition by default (1 MB), with what a read takes in addition to find its batch. */
const blockBytes = 1024 * 1024 + 16 * 1024
/** A small answer should not keep a whole block. */
const blockReadBytesMin = 128 * 1024
const idleBlocksMax = 8

/**
 * Memory into which files are read for answers, used again once they have left. Without it each MB that is served becomes
 * garbage outside of the heap, and V8 then marks the whole heap for every few of them.
 */
export class ReadMemory {
  readonly #idle: Buffer[] = []

  /** For one answer. */
  lend(): ReadLoan {
    return new ReadLoan(this)
  }

  take(): Buffer {
    return this.#idle.pop() ?? Buffer.allocUnsafeSlow(blockBytes)
  }

  giveBack(block: Buffer): void {
    if (this.#idle.length < idleBlocksMax) this.#idle.push(block)
  }
}

/**
 * What one answer refers to until its last byte has left. A loan that is never ended costs nothing but that its memory is
 * left to the garbage collector.
 */
export class ReadLoan {
  readonly #memory: ReadMemory
  readonly #blocks: Buffer[] = []
  readonly #slabs: Slab[] = []
  #hasEnded = false

  constructor(memory: ReadMemory) {
    this.#memory = memory
  }

  /** What the file has of so many bytes. */
  async read(file: LogFile, bytes: number, position: number): Promise<Buffer> {
    if (bytes < blockReadBytesMin || bytes > blockBytes) return readInto(Buffer.allocUnsafeSlow(bytes), file, position)
    const block = this.#memory.take()
    const read = await readInto(block.subarray(0, bytes), file, position)
    // An answer whose time is over does not wait for a slow disk: then nobody wants this any more.
    if (this.#hasEnded) this.#memory.giveBack(block)
    else this.#blocks.push(block)
    return read
  }

  /** Keeps the slab from being filled anew. */
  borrow(slab: Slab): void {
    if (this.#hasEnded) return
    slab.borrowers++
    this.#slabs.push(slab)
  }

  /** Nobody looks at what was lent any more. */
  end(): void {
    this.#hasEnded = true
    for (const block of this.#blocks.splice(0)) this.#memory.giveBack(block)
    for (const slab of this.#slabs.splice(0)) slab.borrowers--
  }
}

export async function readInto(buffer: Buffer, file: LogFile, position: number): Promise<Buffer> {
  return buffer.subarray(0, await file.read(buffer, position))
}
