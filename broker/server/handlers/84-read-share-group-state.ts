import { readShareGroupState } from '../../protocol/messages/84-read-share-group-state.ts'
import type { ShareCoordinator } from '../../share/share-coordinator.ts'
import { type Handler, handler } from '../handler.ts'
import { answerShareState } from '../share-state-answers.ts'

/* Version 0, of the leaders of partitions: the leaders of earlier terms cannot write any more. */

export function readShareGroupStateHandler(coordinator: ShareCoordinator): Handler {
  return handler(readShareGroupState, (request, context) =>
    answerShareState(
      context,
      request,
      async (key, { leaderEpoch }) => {
        const { stateEpoch, startOffset, batches } = await coordinator.read(key, leaderEpoch)
        return { stateEpoch, startOffset, stateBatches: batches }
      },
      { stateEpoch: 0, startOffset: 0, stateBatches: [] },
    ),
  )
}
