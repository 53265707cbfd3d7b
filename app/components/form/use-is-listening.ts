import { useSyncExternalStore } from 'react'

const never = () => () => undefined

/** False until the page's script runs: a form that is sent before that would be sent by the browser itself. */
export function useIsListening(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  )
}
