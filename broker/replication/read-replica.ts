import type { MetadataImage } from '../metadata/image.ts'
import type { Partition } from './partition.ts'

/**
 * Where a consumer should read instead of at the leader (KIP-392, Kafka's RackAwareReplicaSelector): the replica in sync in
 * the client's rack that has most, unless the leader is in that rack. Undefined for here.
 */
export function findNearestReplica(
  partition: Partition,
  image: MetadataImage,
  client: { rackId: string; fetchOffset: number },
): number | undefined {
  const isNear = (brokerId: number) => image.isUnfenced(brokerId) && image.brokers.get(brokerId)?.rack === client.rackId
  const leader = partition.asLeader
  if (client.rackId === '' || leader === undefined || isNear(partition.leaderId)) return undefined
  let nearest: { brokerId: number; logEndOffset: number } | undefined
  for (const follower of leader.followersWith(client.fetchOffset)) {
    if (isNear(follower.brokerId) && follower.logEndOffset > (nearest?.logEndOffset ?? -1)) nearest = follower
  }
  return nearest?.brokerId
}
