import { errorCodes, KafkaError } from '../../protocol/errors.ts'
import type { HostedGroups } from '../hosted-groups.ts'
import type { ShareGroup } from './share-group.ts'
import { encodeShareGroupRecord, type ShareGroupRecord } from './share-group-records.ts'

/** Records that are applied already. Resolves once they are replicated, rejects with KafkaError. */
export async function appendShareGroupRecords(
  hosted: HostedGroups,
  { groupId }: ShareGroup,
  records: readonly ShareGroupRecord[],
): Promise<void> {
  const errorCode = await hosted.append(records.map((record) => encodeShareGroupRecord(groupId, record)))
  if (errorCode !== errorCodes.NONE) throw new KafkaError(errorCode)
}
