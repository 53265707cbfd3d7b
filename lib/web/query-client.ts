import { QueryCache, QueryClient, type QueryFunctionContext } from '@tanstack/react-query'
import { requestApi, type SendRequest } from './api-client.ts'
import { ApiProblem } from './api-problem.ts'
import { type ResourceKey, resourcePath } from './resource-key.ts'

/** Reads whatever resource a key names, so that a query is its key and its type and nothing else. */
export function createQueryClient(
  send: SendRequest,
  options: { retries: number; onSignedOut?: () => void },
): QueryClient {
  const readResource = ({ queryKey, signal }: QueryFunctionContext) =>
    requestApi(send, { path: resourcePath(queryKey as unknown as ResourceKey, Date.now()), signal })
  return new QueryClient({
    queryCache: new QueryCache({
      onError: (problem) => {
        if (problem instanceof ApiProblem && problem.code === 'unauthenticated') options.onSignedOut?.()
      },
    }),
    defaultOptions: {
      queries: {
        queryFn: readResource,
        staleTime: 5_000,
        gcTime: 5 * 60_000,
        retry: (failures, problem) => problem.isTransient && failures < options.retries,
        retryDelay: (failures) => Math.min(1_000 * 2 ** failures, 10_000),
        refetchOnWindowFocus: false,
      },
    },
  })
}
