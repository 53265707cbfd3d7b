import { DocumentState } from './document-state.ts'

/** How far back a tab that lost its connection can resume. */
const resumeDeltasMax = 60
const resumeBytesMax = 1_048_576

interface SentDelta {
  readonly seq: number
  readonly frame: Buffer
}

/** Frames for those who have the last state, and for those who do not. */
export interface ChannelNews {
  /** `undefined` when everybody needs the snapshot. */
  readonly delta: Buffer | undefined
}

/**
 * One document that tabs follow: its state as last sent, numbered, and the last deltas. Frames are serialised once,
 * whoever gets them. Without subscribers it stays as it was and catches up when somebody comes.
 */
export class LiveChannel {
  readonly name: string
  readonly epoch: string
  /** When its last subscriber left. */
  idleSinceMs: number | undefined
  #seq = 0
  #state: DocumentState | undefined
  #snapshot: Buffer | undefined
  #deltas: SentDelta[] = []
  #deltaBytes = 0

  constructor(name: string, epoch: string) {
    this.name = name
    this.epoch = epoch
  }

  /** False while there is no such document. */
  get hasDocument(): boolean {
    return this.#state !== undefined
  }

  /** Takes over the document as it is now; answers what to send, `undefined` when it is as before. */
  advance(document: unknown): ChannelNews | undefined {
    if (typeof document !== 'object' || document === null) {
      const isNew = this.#state !== undefined
      this.#restart(undefined)
      return isNew ? { delta: undefined } : undefined
    }
    const next = new DocumentState(document)
    const delta = this.#state === undefined ? 'whole' : this.#state.deltaTo(next)
    if (delta === undefined) return undefined
    if (delta === 'whole') {
      this.#restart(next)
      return { delta: undefined }
    }
    this.#seq += 1
    this.#state = next
    this.#snapshot = undefined
    const frame = Buffer.from(`{"t":"d","channel":${JSON.stringify(this.name)},"seq":${this.#seq},"data":${delta}}`)
    this.#remember({ seq: this.#seq, frame })
    return { delta: frame }
  }

  /** The whole document; a frame saying that there is none while there is none. */
  snapshot(): Buffer {
    const channel = JSON.stringify(this.name)
    if (this.#state === undefined) {
      return Buffer.from(
        `{"t":"err","channel":${channel},"code":"not_found","message":"There is nothing at this address now."}`,
      )
    }
    const head = `{"t":"snap","channel":${channel},"epoch":${JSON.stringify(this.epoch)},"seq":${this.#seq}`
    this.#snapshot ??= Buffer.from(`${head},"data":${this.#state.toJson()}}`)
    return this.#snapshot
  }

  /** What a tab that has `seq` of this epoch is missing, `undefined` when it needs a snapshot. */
  resumeFrom(position: { epoch?: string | undefined; seq?: number | undefined }): Buffer[] | undefined {
    const { epoch, seq } = position
    if (this.#state === undefined || epoch !== this.epoch || seq === undefined || seq > this.#seq) return undefined
    const missing = this.#deltas.filter((delta) => delta.seq > seq)
    return missing.length === this.#seq - seq ? missing.map(({ frame }) => frame) : undefined
  }

  /** Numbers go on rising, so that nobody takes the old state for the new one. */
  #restart(state: DocumentState | undefined): void {
    this.#seq += 1
    this.#state = state
    this.#snapshot = undefined
    this.#deltas = []
    this.#deltaBytes = 0
  }

  #remember(delta: SentDelta): void {
    this.#deltas.push(delta)
    this.#deltaBytes += delta.frame.length
    while (this.#deltas.length > resumeDeltasMax || this.#deltaBytes > resumeBytesMax) {
      this.#deltaBytes -= this.#deltas.shift()?.frame.length ?? 0
    }
  }
}
