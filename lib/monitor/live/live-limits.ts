/** Bounds of the live socket; tests set smaller ones. */
export interface LiveLimits {
  readonly connectionsMax: number
  readonly connectionsOfUserMax: number
  readonly channelsOfConnectionMax: number
  /** Requests of one connection in `requestWindowMs`. */
  readonly requestsMax: number
  readonly requestWindowMs: number
  readonly requestBytesMax: number
  /** Above this much unsent, a tab gets no more deltas; below `resumeBelowBytes` it gets the latest state. */
  readonly pauseAboveBytes: number
  readonly resumeBelowBytes: number
  /** A tab that stays behind for longer is cut off. */
  readonly behindMsMax: number
  readonly behindCheckMs: number
  readonly heartbeatMs: number
  readonly sessionCheckMs: number
  /** How many sends go out before other work gets a turn. */
  readonly sendsPerTurn: number
  /** Channels without subscribers that are kept for those who resume, and for how long. */
  readonly idleChannelsMax: number
  readonly idleChannelMs: number
}

export const liveLimits: LiveLimits = {
  connectionsMax: 2_000,
  connectionsOfUserMax: 200,
  channelsOfConnectionMax: 50,
  requestsMax: 200,
  requestWindowMs: 10_000,
  requestBytesMax: 16_384,
  pauseAboveBytes: 262_144,
  resumeBelowBytes: 65_536,
  behindMsMax: 30_000,
  behindCheckMs: 250,
  heartbeatMs: 25_000,
  sessionCheckMs: 60_000,
  sendsPerTurn: 500,
  idleChannelsMax: 500,
  idleChannelMs: 600_000,
}
