/** As they apply at the time; a group's configs may change while it consumes. */
export interface ShareLimits {
  /** A record that was delivered this often is not delivered again. */
  readonly deliveryCountLimit: number
  /** Records that may be between the start and the end offset before no new ones are handed out. */
  readonly recordLocksMax: number
  readonly lockDurationMs: number
}
