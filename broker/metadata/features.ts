export interface Feature {
  readonly min: number
  readonly max: number
  /** What a cluster has unless somebody sets another level; also one that was made before the feature was there. */
  readonly initial: number
}

/** What this release serves, with the levels of Apache Kafka 4.3: `metadata.version` 7 is 3.3-IV3, 30 is 4.3-IV0. */
export const features: Readonly<Record<string, Feature>> = {
  'metadata.version': { min: 7, max: 30, initial: 30 },
  'group.version': { min: 0, max: 1, initial: 1 },
  'eligible.leader.replicas.version': { min: 0, max: 1, initial: 1 },
  'transaction.version': { min: 0, max: 2, initial: 2 },
  'share.version': { min: 0, max: 1, initial: 1 },
}
