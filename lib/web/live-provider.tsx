'use client'

import { useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from 'react'
import { LiveSocket, type LiveStatus, type SocketLike } from './live-socket.ts'

const LiveContext = createContext<LiveSocket | undefined>(undefined)
const beforeConnecting: LiveStatus = { state: 'connecting', heardAtMs: undefined }

/** One socket for the tab, from the first signed-in page on. What arrives is written into the query cache. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const queryClient = useQueryClient()
  const [socket] = useState(
    () =>
      new LiveSocket({
        connect: () => new WebSocket(`${location.origin.replace(/^http/, 'ws')}/live`) as unknown as SocketLike,
        onDocument: (channel, document) => queryClient.setQueryData([channel], document),
        now: Date.now,
        random: Math.random,
      }),
  )
  useEffect(() => {
    const followVisibility = () => socket.setHidden(document.hidden)
    followVisibility()
    socket.open()
    document.addEventListener('visibilitychange', followVisibility)
    return () => {
      document.removeEventListener('visibilitychange', followVisibility)
      socket.close()
    }
  }, [socket])
  return <LiveContext value={socket}>{children}</LiveContext>
}

export function useLiveSocket(): LiveSocket {
  const socket = useContext(LiveContext)
  if (socket === undefined) throw new Error('useLiveSocket needs a LiveProvider above it.')
  return socket
}

export function useLiveStatus(): LiveStatus {
  const socket = useLiveSocket()
  return useSyncExternalStore(
    (listener) => socket.onStatus(listener),
    () => socket.status,
    () => beforeConnecting,
  )
}
