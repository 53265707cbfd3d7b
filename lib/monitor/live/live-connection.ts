import type { WebSocket } from 'ws'
import type { SessionUser } from '../../contract/session.ts'
import type { LiveChannel } from './live-channel.ts'
import type { LiveLimits } from './live-limits.ts'

/** Ours, in the range that RFC 6455 leaves to applications: sign in again. */
export const closeSignedOut = 4401
const closePolicy = 1008
const closeTryLater = 1013

/**
 * One tab. What it cannot take now is not queued: its channels are marked behind and, once it has read what it has, it
 * gets their latest state. So a slow tab costs at most `pauseAboveBytes` and one frame.
 */
export class LiveConnection {
  readonly user: SessionUser
  /** Decides the session; the same for tabs of one browser. */
  readonly cookie: string
  readonly channels = new Set<LiveChannel>()
  readonly #socket: WebSocket
  readonly #limits: LiveLimits
  readonly #behind = new Set<LiveChannel>()
  #behindSinceMs = 0
  #behindCheck: NodeJS.Timeout | undefined
  #requestsInWindow = 0
  #windowStartedAtMs = 0
  #isAlive = true

  constructor(p: { socket: WebSocket; user: SessionUser; cookie: string; limits: LiveLimits }) {
    this.#socket = p.socket
    this.user = p.user
    this.cookie = p.cookie
    this.#limits = p.limits
    p.socket.on('pong', () => {
      this.#isAlive = true
    })
    p.socket.on('close', () => clearTimeout(this.#behindCheck))
  }

  /** News of a channel: the delta, or the snapshot where there is none or this tab is not at the state before it. */
  sendNews(channel: LiveChannel, delta: Buffer | undefined): void {
    if (this.#behind.has(channel)) return
    if (this.#isFull) this.#fallBehind(channel)
    else this.#send(delta ?? channel.snapshot())
  }

  /** What a new subscriber needs: the deltas since it was here last, or all. */
  sendState(channel: LiveChannel, missing: readonly Buffer[] | undefined): void {
    if (this.#isFull) {
      this.#fallBehind(channel)
      return
    }
    for (const frame of missing ?? [channel.snapshot()]) this.#send(frame)
  }

  sendError(channel: string, code: string, message: string): void {
    this.#send(Buffer.from(JSON.stringify({ t: 'err', channel, code, message })))
  }

  forget(channel: LiveChannel): void {
    this.channels.delete(channel)
    this.#behind.delete(channel)
  }

  /** Counts a request; a tab that sends too many is cut off. */
  countRequest(nowMs: number): boolean {
    if (nowMs - this.#windowStartedAtMs > this.#limits.requestWindowMs) {
      this.#windowStartedAtMs = nowMs
      this.#requestsInWindow = 0
    }
    this.#requestsInWindow += 1
    if (this.#requestsInWindow <= this.#limits.requestsMax) return true
    this.#socket.close(closePolicy, 'too many requests')
    return false
  }

  /** Twice a heartbeat without an answer, and the connection is dead. The frame is for browsers, which hide pings. */
  beat(): void {
    if (!this.#isAlive) {
      this.#socket.terminate()
      return
    }
    this.#isAlive = false
    this.#socket.ping()
    if (!this.#isFull) this.#send(beatFrame)
  }

  closeSignedOut(): void {
    this.#socket.close(closeSignedOut, 'signed out')
  }

  /** The console goes down; the tab is told when to come back. */
  leave(retryAfterMs: number): void {
    this.#send(Buffer.from(JSON.stringify({ t: 'bye', retryAfterMs })))
    this.#socket.close(1012, 'restarting')
  }

  terminate(): void {
    this.#socket.terminate()
  }

  get #isFull(): boolean {
    return this.#socket.bufferedAmount > this.#limits.pauseAboveBytes
  }

  #send(frame: Buffer): void {
    this.#socket.send(frame, { binary: false })
  }

  #fallBehind(channel: LiveChannel): void {
    if (this.#behind.size === 0) this.#behindSinceMs = performance.now()
    this.#behind.add(channel)
    this.#behindCheck ??= setTimeout(() => this.#catchUp(), this.#limits.behindCheckMs)
  }

  #catchUp(): void {
    this.#behindCheck = undefined
    for (const channel of this.#behind) {
      if (this.#socket.bufferedAmount >= this.#limits.resumeBelowBytes) break
      this.#behind.delete(channel)
      this.#send(channel.snapshot())
    }
    if (this.#behind.size === 0) return
    if (performance.now() - this.#behindSinceMs > this.#limits.behindMsMax) {
      this.#socket.close(closeTryLater, 'too slow')
      this.#socket.terminate()
      return
    }
    this.#behindCheck = setTimeout(() => this.#catchUp(), this.#limits.behindCheckMs)
  }
}

const beatFrame = Buffer.from('{"t":"beat"}')
