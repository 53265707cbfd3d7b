import { dehydrate, HydrationBoundary } from '@tanstack/react-query'
import { headers } from 'next/headers'
import type { ReactNode } from 'react'
import { requireRuntime } from '../../lib/runtime.ts'
import type { SendRequest } from '../../lib/web/api-client.ts'
import type { ResourceQuery } from '../../lib/web/queries.ts'
import { createQueryClient } from '../../lib/web/query-client.ts'

interface PrefetchProps {
  // biome-ignore lint/suspicious/noExplicitAny: queries of different documents in one list; nothing reads their type here.
  queries: ResourceQuery<any>[]
  children: ReactNode
}

/** Reads what the page shows on the server, so that the first paint has data. What fails here, the browser tries again. */
export async function Prefetch({ queries, children }: PrefetchProps) {
  const cookie = (await headers()).get('cookie') ?? ''
  const sendInProcess: SendRequest = (path, init) =>
    requireRuntime().fetchApi(
      new Request(`http://console.internal${path}`, { ...init, headers: { ...init.headers, cookie } }),
    )
  const client = createQueryClient(sendInProcess, { retries: 0 })
  await Promise.all(queries.map((query) => client.prefetchQuery(query)))
  return <HydrationBoundary state={dehydrate(client)}>{children}</HydrationBoundary>
}
