import { ProtocolError } from '../protocol/protocol-error.ts'

const sizeBytes = 4
/** Room that is made at once for a frame of which little has come: whoever only claims to send much costs no more. */
const firstRoomBytesMax = 1024 * 1024

/**
 * Cuts a stream into the protocol's frames: four bytes of size, then the frame. A frame that came whole in one chunk is
 * a view of it; one that is spread over chunks is gathered in a buffer of its own, whose size is bounded by
 * `frameBytesMax` and by twice what has come of the frame.
 */
export class FrameReader {
  #frameBytesMax: number
  /** The size field, while it is incomplete. */
  readonly #size = Buffer.alloc(sizeBytes)
  #sizeFilled = 0
  #frame: Buffer | undefined
  #frameBytes = 0
  #frameFilled = 0

  constructor(frameBytesMax: number) {
    this.#frameBytesMax = frameBytesMax
  }

  /** Bytes that are held for a frame that has not come whole yet. */
  get pendingBytes(): number {
    return this.#frame?.length ?? 0
  }

  /** From the next frame on. */
  limit(frameBytesMax: number): void {
    this.#frameBytesMax = frameBytesMax
  }

  /**
   * Calls `onFrame` for each frame that `chunk` completes, until it returns false. Throws ProtocolError for a size no peer
   * may send.
   * @returns how many bytes were taken: all, unless `onFrame` had enough.
   */
  push(chunk: Buffer, onFrame: (frame: Buffer) => boolean): number {
    let at = 0
    let isWanted = true
    while (at < chunk.length && isWanted) {
      if (this.#frame !== undefined) {
        at += this.#fillFrame(this.#frame, chunk, at)
        if (this.#frameFilled === this.#frameBytes) isWanted = onFrame(this.#takeFrame(this.#frame))
      } else if (this.#sizeFilled > 0 || chunk.length - at < sizeBytes) at += this.#fillSize(chunk, at)
      else {
        const frameBytes = this.#checkedSize(chunk.readInt32BE(at))
        at += sizeBytes
        if (chunk.length - at < frameBytes) this.#begin(frameBytes)
        else {
          const frame = chunk.subarray(at, at + frameBytes)
          at += frameBytes
          isWanted = onFrame(frame)
        }
      }
    }
    return at
  }

  #fillSize(chunk: Buffer, at: number): number {
    const taken = chunk.copy(this.#size, this.#sizeFilled, at, at + sizeBytes - this.#sizeFilled)
    this.#sizeFilled += taken
    if (this.#sizeFilled === sizeBytes) {
      this.#sizeFilled = 0
      this.#begin(this.#checkedSize(this.#size.readInt32BE(0)))
    }
    return taken
  }

  #begin(frameBytes: number): void {
    this.#frame = Buffer.allocUnsafeSlow(Math.min(frameBytes, firstRoomBytesMax))
    this.#frameBytes = frameBytes
    this.#frameFilled = 0
  }

  #fillFrame(frame: Buffer, chunk: Buffer, at: number): number {
    const taken = chunk.copy(frame, this.#frameFilled, at)
    this.#frameFilled += taken
    if (this.#frameFilled === frame.length && frame.length < this.#frameBytes) this.#grow(frame)
    return taken
  }

  #grow(frame: Buffer): void {
    this.#frame = Buffer.allocUnsafeSlow(Math.min(this.#frameBytes, frame.length * 2))
    frame.copy(this.#frame)
  }

  #takeFrame(frame: Buffer): Buffer {
    this.#frame = undefined
    return frame
  }

  #checkedSize(frameBytes: number): number {
    if (frameBytes <= 0 || frameBytes > this.#frameBytesMax) {
      throw new ProtocolError(`Frame of ${frameBytes} bytes; ${this.#frameBytesMax} are allowed`)
    }
    return frameBytes
  }
}
