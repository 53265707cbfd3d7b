import type { LiveFrame, LiveRequest } from '../contract/live.ts'
import { applyLiveDelta } from './live-delta.ts'

export type LiveState = 'connecting' | 'live' | 'offline' | 'paused'

export interface LiveStatus {
  readonly state: LiveState
  /** When the last document or delta arrived. */
  readonly heardAtMs: number | undefined
}

/** What a socket needs of a WebSocket: the browser's and `ws`'s both fit. */
export interface SocketLike {
  onopen: ((event: never) => void) | null
  onclose: ((event: never) => void) | null
  onmessage: ((event: never) => void) | null
  send(text: string): void
  close(): void
}

export interface LiveSocketOptions {
  connect: () => SocketLike
  /** A channel has a new document. */
  onDocument: (channel: string, document: unknown) => void
  now: () => number
  random: () => number
}

interface Channel {
  subscribers: number
  epoch?: string
  seq?: number
  document?: unknown
}

const backoffMinMs = 500
const backoffMaxMs = 30_000
/** The hub sends something with every tick and pings between; silence this long means a dead connection. */
const silenceMaxMs = 60_000

/**
 * One connection a tab. Callers subscribe to channels and may do so many times over; the socket keeps each channel's
 * document, epoch and sequence, resumes after a break, and starts a channel anew when a delta is missing.
 */
export class LiveSocket {
  readonly #options: LiveSocketOptions
  readonly #channels = new Map<string, Channel>()
  readonly #listeners = new Set<() => void>()
  #socket: SocketLike | undefined
  #isOpen = false
  #isHidden = false
  #isPaused = false
  #failures = 0
  #retry: ReturnType<typeof setTimeout> | undefined
  #watchdog: ReturnType<typeof setTimeout> | undefined
  #status: LiveStatus = { state: 'connecting', heardAtMs: undefined }

  constructor(options: LiveSocketOptions) {
    this.#options = options
  }

  get status(): LiveStatus {
    return this.#status
  }

  onStatus(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  open(): void {
    if (this.#socket !== undefined) return
    clearTimeout(this.#retry)
    const socket = this.#options.connect()
    this.#socket = socket
    socket.onopen = () => this.#opened()
    socket.onmessage = (event: { data: unknown }) => this.#receive(JSON.parse(String(event.data)) as LiveFrame)
    socket.onclose = () => this.#closed(socket)
  }

  close(): void {
    clearTimeout(this.#retry)
    clearTimeout(this.#watchdog)
    const socket = this.#socket
    this.#socket = undefined
    this.#isOpen = false
    socket?.close()
  }

  /** Returns what ends the subscription. */
  subscribe(name: string): () => void {
    const channel = this.#channels.get(name) ?? { subscribers: 0 }
    this.#channels.set(name, channel)
    channel.subscribers += 1
    if (channel.subscribers === 1 && this.#isListening) this.#sendSubscribe(name, channel)
    return () => {
      channel.subscribers -= 1
      if (channel.subscribers > 0) return
      this.#channels.delete(name)
      if (this.#isListening) this.#send({ t: 'unsub', channel: name })
    }
  }

  /** A hidden tab wants nothing; shown again, each channel resumes where it was. */
  setHidden(isHidden: boolean): void {
    this.#changeListening(() => {
      this.#isHidden = isHidden
    })
  }

  setPaused(isPaused: boolean): void {
    this.#changeListening(() => {
      this.#isPaused = isPaused
    })
    this.#setState(isPaused ? 'paused' : this.#isOpen ? 'live' : 'connecting')
  }

  get #isListening(): boolean {
    return this.#isOpen && !this.#isHidden && !this.#isPaused
  }

  #changeListening(change: () => void): void {
    const before = this.#isListening
    change()
    if (this.#isListening === before) return
    for (const [name, channel] of this.#channels) {
      if (before) this.#send({ t: 'unsub', channel: name })
      else this.#sendSubscribe(name, channel)
    }
  }

  #opened(): void {
    this.#isOpen = true
    this.#failures = 0
    this.#watch()
    if (!this.#isPaused) this.#setState('live')
    if (!this.#isListening) return
    for (const [name, channel] of this.#channels) this.#sendSubscribe(name, channel)
  }

  #closed(socket: SocketLike): void {
    if (this.#socket !== socket) return
    this.#socket = undefined
    this.#isOpen = false
    clearTimeout(this.#watchdog)
    if (!this.#isPaused) this.#setState('offline')
    this.#reconnectAfter(this.#options.random() * Math.min(backoffMaxMs, backoffMinMs * 2 ** this.#failures))
    this.#failures += 1
  }

  #reconnectAfter(delayMs: number): void {
    clearTimeout(this.#retry)
    this.#retry = setTimeout(() => this.open(), delayMs)
  }

  #receive(frame: LiveFrame): void {
    this.#watch()
    switch (frame.t) {
      case 'snap':
        this.#takeDocument(frame.channel, { epoch: frame.epoch, seq: frame.seq, document: frame.data })
        break
      case 'd':
        this.#takeDelta(frame)
        break
      case 'bye':
        this.#leave(frame.retryAfterMs)
        break
      case 'err':
        // The page's own read of the resource says the same, with words.
        break
    }
  }

  #takeDelta(frame: Extract<LiveFrame, { t: 'd' }>): void {
    const channel = this.#channels.get(frame.channel)
    if (channel?.document === undefined || channel.seq === undefined) return
    if (frame.seq !== channel.seq + 1) {
      this.#restart(frame.channel, channel)
      return
    }
    const document = applyLiveDelta(channel.document as Record<string, unknown>, frame.data)
    this.#takeDocument(frame.channel, { seq: frame.seq, document })
  }

  /** The console is going down and says when to come back. */
  #leave(retryAfterMs: number): void {
    const socket = this.#socket
    this.#socket = undefined
    this.#isOpen = false
    clearTimeout(this.#watchdog)
    socket?.close()
    if (!this.#isPaused) this.#setState('offline')
    this.#reconnectAfter(retryAfterMs)
  }

  #takeDocument(name: string, news: Partial<Channel> & { document: unknown }): void {
    const channel = this.#channels.get(name)
    if (channel === undefined || this.#isPaused) return
    Object.assign(channel, news)
    this.#status = { state: this.#status.state, heardAtMs: this.#options.now() }
    this.#options.onDocument(name, news.document)
    this.#notify()
  }

  /** A delta is missing: what we hold is not what the hub thinks we hold. */
  #restart(name: string, channel: Channel): void {
    channel.epoch = undefined
    channel.seq = undefined
    this.#send({ t: 'unsub', channel: name })
    this.#sendSubscribe(name, channel)
  }

  #sendSubscribe(name: string, channel: Channel): void {
    this.#send({ t: 'sub', channel: name, epoch: channel.epoch, seq: channel.seq })
  }

  #send(request: LiveRequest): void {
    this.#socket?.send(JSON.stringify(request))
  }

  #watch(): void {
    clearTimeout(this.#watchdog)
    const socket = this.#socket
    this.#watchdog = setTimeout(() => socket?.close(), silenceMaxMs)
  }

  #setState(state: LiveState): void {
    if (this.#status.state === state) return
    this.#status = { ...this.#status, state }
    this.#notify()
  }

  #notify(): void {
    for (const listener of this.#listeners) listener()
  }
}
