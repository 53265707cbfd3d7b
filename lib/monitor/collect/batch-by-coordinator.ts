export interface CoordinatedGroup {
  readonly id: string
  readonly coordinator: number
}

/** Requests of at most `groupsMax` groups each, and of about `weightMax` of whatever `weigh` counts. */
export function batchByCoordinator<G extends CoordinatedGroup>(
  groups: Iterable<G>,
  groupsMax: number,
  weightMax = Number.POSITIVE_INFINITY,
  weigh: (group: G) => number = () => 0,
): { coordinator: number; groups: string[] }[] {
  const open = new Map<number, { groups: string[]; weight: number }>()
  const batches: { coordinator: number; groups: string[] }[] = []
  for (const group of groups) {
    const weight = weigh(group)
    let batch = open.get(group.coordinator)
    if (batch === undefined || batch.groups.length === groupsMax || batch.weight + weight > weightMax) {
      batch = { groups: [], weight: 0 }
      open.set(group.coordinator, batch)
      batches.push({ coordinator: group.coordinator, groups: batch.groups })
    }
    batch.groups.push(group.id)
    batch.weight += weight
  }
  return batches
}
