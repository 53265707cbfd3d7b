import type { AttentionItem, Overview } from '../../../lib/contract/cluster.ts'
import type { PageName } from '../../../lib/web/links.ts'

/** How many things on each page need a person now. */
export function countAttention(overview: Overview | undefined): Partial<Record<PageName, number>> {
  if (overview === undefined) return {}
  const countOf = (...codes: AttentionItem['code'][]) =>
    overview.attention.filter((item) => codes.includes(item.code)).length
  return {
    topics: countOf('offlinePartitions', 'underMinIsr', 'underReplicated'),
    groups: countOf('groupBehind', 'groupStuck', 'groupStopped'),
    brokers: overview.brokers.filter(({ state }) => state === 'down').length,
    alerts: overview.counts.openAlerts,
  }
}
