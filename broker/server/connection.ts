import type { Scheduler } from '../clock.ts'
import { FrameReader } from '../network/frame-reader.ts'
import type { Socket } from '../network/network.ts'
import { ProtocolError } from '../protocol/protocol-error.ts'
import { Access } from '../security/access.ts'
import type { Authorizer } from '../security/authorizer.ts'
import type { ConnectionIdentity, Dispatcher, ResponseBuffers } from './dispatcher.ts'
import { CloseConnection, type Delivery } from './handler.ts'
import type { RequestMemory } from './request-memory.ts'
import type { SaslAuthenticator } from './sasl-authenticator.ts'

export interface ConnectionLimits {
  /** `socket.request.max.bytes` */
  readonly requestBytesMax: number
  /** Requests of one connection that may wait for their answers; then it is not read from. */
  readonly requestsInFlightMax: number
  /** Bytes of responses that may wait for a slow reader; then it is not read from. */
  readonly responseBytesMax: number
  /** Shared by all connections; undefined where nothing bounds them. */
  readonly memory?: RequestMemory | undefined
}

/** Who is on the other side, and how it becomes known. */
export interface ConnectionSecurity {
  readonly authenticator: SaslAuthenticator
  readonly authorizer: Authorizer
  /** `connection.failed.authentication.delay.ms`: a client that guesses is slowed down. */
  readonly refusalDelayMs: number
}

/** One request until its answer is on its way. */
class Slot implements Delivery {
  isReady = false
  requestBytes = 0
  buffers: ResponseBuffers
  release: (() => void) | undefined

  whenSent(release: () => void): void {
    this.release = release
  }

  fill(buffers: ResponseBuffers): void {
    this.isReady = true
    this.buffers = buffers
  }
}

/**
 * One client. Requests are handled as they come and answered in the order in which they came, whatever finishes first:
 * pipelining clients rely on it. A client that reads slowly is not read from either.
 */
export class Connection {
  readonly #socket: Socket
  #identity: ConnectionIdentity
  readonly #security: ConnectionSecurity | undefined
  readonly #clock: Scheduler
  readonly #dispatcher: Dispatcher
  readonly #limits: ConnectionLimits
  readonly #frames: FrameReader
  readonly #onBug: (error: unknown) => void
  /** One slot for each request that is not answered yet, oldest first. */
  readonly #slots: Slot[] = []
  readonly #onFrame = (frame: Buffer) => {
    this.#handle(frame)
    return this.#slots.length < this.#limits.requestsInFlightMax && !this.#isRefused
  }
  readonly #queued: Buffer[] = []
  readonly #releases: (() => void)[] = []
  #isPaused = false
  /** Who is there has not proved who it is: nothing more is read. */
  #isRefused = false
  #isFlushing = false
  #isMuted = false
  /** Of requests that are not answered, or not whole; counted only where they are bounded. */
  #heldBytes = 0
  readonly #onRoom = () => this.#resumeWhenIdle()

  constructor(options: {
    socket: Socket
    identity: ConnectionIdentity
    dispatcher: Dispatcher
    limits: ConnectionLimits
    clock: Scheduler
    /** Undefined where everyone is served at once. */
    security?: ConnectionSecurity | undefined
    /** Called with errors that are neither the client's nor the network's. */
    onBug: (error: unknown) => void
  }) {
    this.#socket = options.socket
    this.#identity = { ...options.identity, mute: (ms) => this.#mute(ms) }
    this.#dispatcher = options.dispatcher
    this.#limits = options.limits
    this.#clock = options.clock
    this.#security = options.security
    this.#onBug = options.onBug
    const { requestBytesMax } = options.limits
    // Strangers need little room.
    this.#frames = new FrameReader(
      Math.min(requestBytesMax, options.security?.authenticator.frameBytesMax ?? requestBytesMax),
    )
    this.#socket.setNoDelay(true)
    this.#socket.on('data', (chunk: Buffer) => this.#read(chunk))
    if (options.limits.memory !== undefined) this.#socket.once('close', () => this.#release(options.limits.memory))
    this.#socket.on('drain', () => this.#resumeWhenIdle())
    // A reset by the peer is followed by 'close', which is all that matters.
    this.#socket.on('error', () => this.#socket.destroy())
  }

  /** Stops reading, lets answers that are ready leave, then closes. */
  end(): void {
    this.#socket.pause()
    this.#socket.end()
  }

  destroy(): void {
    this.#socket.destroy()
  }

  #read(chunk: Buffer): void {
    let rest = chunk
    do {
      try {
        rest = rest.subarray(this.#frames.push(rest, this.#onFrame))
      } catch (error) {
        this.#fail(error)
        return
      }
      this.#flush()
      this.#hold()
      this.#pauseWhenBusy()
    } while (rest.length > 0 && !this.#isPaused)
    // One chunk may hold thousands of small requests: those beyond the limit wait with what has not been read yet.
    if (rest.length > 0) this.#socket.unshift(rest)
  }

  #handle(frame: Buffer): void {
    if (this.#security === undefined) this.#serve(frame)
    else this.#authenticate(frame, this.#security)
  }

  #authenticate(frame: Buffer, { authenticator, authorizer, refusalDelayMs }: ConnectionSecurity): void {
    const outcome = authenticator.receive(frame, this.#clock.monotonicMs())
    switch (outcome.kind) {
      case 'serve':
        this.#serve(frame)
        return
      case 'authenticated':
        this.#identity = {
          ...this.#identity,
          access: new Access(authorizer, { principal: outcome.principal, host: this.#identity.clientHost }),
        }
        this.#frames.limit(this.#limits.requestBytesMax)
        this.#answer(outcome.buffers)
        return
      case 'answer':
        this.#answer(outcome.buffers)
        return
      case 'refused':
        this.#refuse(outcome.buffers, refusalDelayMs)
    }
  }

  #answer(buffers: ResponseBuffers): void {
    const slot = new Slot()
    slot.fill(buffers)
    this.#slots.push(slot)
  }

  #refuse(buffers: Buffer[], delayMs: number): void {
    this.#isRefused = true
    this.#clock.setTimeout(() => {
      if (this.#socket.destroyed) return
      this.#queued.push(...buffers)
      this.#write()
      // Paused, it would not hear that the client is gone.
      this.#socket.end(() => this.#socket.destroy())
    }, delayMs)
  }

  #serve(frame: Buffer): void {
    const slot = new Slot()
    const answer = this.#dispatcher.dispatch(frame, this.#identity, slot)
    this.#slots.push(slot)
    if (!(answer instanceof Promise)) {
      slot.fill(answer)
      return
    }
    slot.requestBytes = frame.length
    answer.then(
      (buffers) => {
        slot.fill(buffers)
        this.#flushSoon()
      },
      (error: unknown) => this.#fail(error),
    )
  }

  /** One write to a log completes many requests: their answers, ready in the same turn, leave in one write too. */
  #flushSoon(): void {
    if (this.#isFlushing) return
    this.#isFlushing = true
    queueMicrotask(() => {
      this.#isFlushing = false
      this.#flush()
      this.#resumeWhenIdle()
    })
  }

  /** Sends what is ready at the head of the line in one write. */
  #flush(): void {
    const head = this.#slots[0]
    if (head === undefined || !head.isReady || this.#socket.destroyed) return
    let sent = 0
    for (const slot of this.#slots) {
      if (!slot.isReady) break
      sent += 1
      if (slot.buffers !== undefined) this.#queued.push(...slot.buffers)
      if (slot.release !== undefined) this.#releases.push(slot.release)
    }
    this.#slots.splice(0, sent)
    this.#write()
    this.#hold()
  }

  #write(): void {
    const buffers = this.#queued
    if (buffers.length === 0) return
    this.#socket.cork()
    const last = buffers.pop()
    for (const buffer of buffers) this.#socket.write(buffer)
    if (last !== undefined) this.#socket.write(last, this.#whenSent())
    this.#socket.uncork()
    buffers.length = 0
  }

  #whenSent(): ((error?: Error | null) => void) | undefined {
    if (this.#releases.length === 0) return undefined
    const releases = this.#releases.splice(0)
    return (error) => {
      // What a broken connection may still refer to is left to the garbage collector.
      if (error == null) for (const release of releases) release()
    }
  }

  #isBusy(): boolean {
    const { requestsInFlightMax, responseBytesMax } = this.#limits
    return (
      this.#isRefused ||
      this.#isMuted ||
      this.#slots.length >= requestsInFlightMax ||
      this.#socket.writableLength > responseBytesMax ||
      this.#isOutOfMemory()
    )
  }

  /** Whoever is in the middle of a request may finish it: it holds the bytes already. */
  #isOutOfMemory(): boolean {
    const { memory } = this.#limits
    if (memory === undefined || !memory.isFull || this.#frames.pendingBytes > 0) return false
    memory.whenRoom(this.#onRoom)
    return true
  }

  /** Counts what this connection holds of the memory for requests. */
  #hold(): void {
    const { memory } = this.#limits
    if (memory === undefined) return
    const held = this.#slots.reduce((sum, { requestBytes }) => sum + requestBytes, this.#frames.pendingBytes)
    const change = held - this.#heldBytes
    this.#heldBytes = held
    if (change !== 0) memory.add(change)
  }

  #release(memory: RequestMemory | undefined): void {
    memory?.forget(this.#onRoom)
    memory?.add(-this.#heldBytes)
    this.#heldBytes = 0
  }

  /** Its answer has been made, and leaves; what it sends meanwhile waits in its own machine. */
  #mute(ms: number): void {
    this.#isMuted = true
    this.#clock
      .setTimeout(() => {
        this.#isMuted = false
        this.#resumeWhenIdle()
      }, ms)
      .unref()
    this.#pauseWhenBusy()
  }

  #pauseWhenBusy(): void {
    if (this.#isPaused || !this.#isBusy()) return
    this.#isPaused = true
    this.#socket.pause()
  }

  #resumeWhenIdle(): void {
    if (!this.#isPaused || this.#isBusy()) return
    this.#isPaused = false
    this.#socket.resume()
  }

  #fail(error: unknown): void {
    if (!(error instanceof ProtocolError) && !(error instanceof CloseConnection)) this.#onBug(error)
    this.#socket.destroy()
  }
}
