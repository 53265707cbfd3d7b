import type { ClusterConnection } from '../../kafka/cluster-connection.ts'
import { KafkaError } from '../../kafka/kafka-error.ts'
import { describeQuorum } from '../../kafka/operations/describe-quorum.ts'
import type { ClusterState } from './cluster-state.ts'
import { failureOf } from './failure.ts'

/** Who leads the metadata quorum. */
export async function collectQuorum(
  connection: ClusterConnection,
  state: ClusterState,
  nowMs: () => number,
): Promise<void> {
  try {
    const { errorCode, leaderId, leaderEpoch } = await connection.sendToAny(describeQuorum, null)
    if (errorCode !== 0) throw new KafkaError(errorCode)
    state.controller = leaderId < 0 ? null : { id: leaderId, epoch: leaderEpoch }
    state.parts.succeed('quorum', nowMs())
  } catch (error) {
    state.parts.fail('quorum', nowMs(), failureOf(error))
  }
}
