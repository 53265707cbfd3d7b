'use client'

import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { ApiProblem } from './api-problem.ts'
import { useLiveSocket, useLiveStatus } from './live-provider.tsx'
import type { ResourceQuery } from './queries.ts'

const pollMs = 10_000

/** A resource that the live socket carries. While the socket is away it is read again every ten seconds. */
export function useLiveQuery<T>(query: ResourceQuery<T>): UseQueryResult<T, ApiProblem> {
  const socket = useLiveSocket()
  const { state } = useLiveStatus()
  const [channel] = query.queryKey
  useEffect(() => socket.subscribe(channel), [socket, channel])
  const isPolled = state === 'offline' || state === 'connecting'
  return useQuery({
    ...query,
    staleTime: isPolled ? 5_000 : Number.POSITIVE_INFINITY,
    refetchInterval: isPolled ? pollMs : false,
  })
}
