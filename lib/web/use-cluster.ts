'use client'

import { useParams } from 'next/navigation'

/** The cluster that the page's address names. */
export function useCluster(): string {
  const { cluster } = useParams<{ cluster: string }>()
  return decodeURIComponent(cluster)
}
