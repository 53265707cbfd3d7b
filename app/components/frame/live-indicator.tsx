'use client'

import { useLiveSocket, useLiveStatus } from '../../../lib/web/live-provider.tsx'
import { useFormats, useNow, useWords } from '../../../lib/web/reader-provider.tsx'
import classes from './top-bar.module.css'

const staleAfterMs = 20_000

/** Whether the figures move by themselves, and how long ago they last did. A click holds them still. */
export function LiveIndicator() {
  const words = useWords().frame
  const formats = useFormats()
  const socket = useLiveSocket()
  const now = useNow()
  const { state, heardAtMs } = useLiveStatus()
  const isStale = state === 'live' && heardAtMs !== undefined && now - heardAtMs > staleAfterMs
  const shown = isStale ? 'stale' : state
  const age = formats.age(now - (heardAtMs ?? now))
  const texts = {
    connecting: words.connecting,
    live: heardAtMs === undefined ? words.connecting : words.live(age),
    stale: words.stale(age),
    paused: words.paused(age),
    offline: words.offline(age),
  }
  const hints = {
    connecting: words.pauseHint,
    live: words.pauseHint,
    stale: words.staleHint,
    paused: words.resumeHint,
    offline: words.offlineHint,
  }
  return (
    <button
      type="button"
      className={classes.live}
      data-state={shown}
      aria-pressed={state === 'paused'}
      title={hints[shown]}
      onClick={() => socket.setPaused(state !== 'paused')}
    >
      <span className={classes.dot} aria-hidden />
      {texts[shown]}
    </button>
  )
}
