import { writeShareGroupState } from '../../protocol/messages/85-write-share-group-state.ts'
import type { ShareCoordinator } from '../../share/share-coordinator.ts'
import { type Handler, handler } from '../handler.ts'
import { answerShareState } from '../share-state-answers.ts'

/* Versions 0-1, of the leaders of partitions. */

export function writeShareGroupStateHandler(coordinator: ShareCoordinator): Handler {
  return handler(writeShareGroupState, (request, context) =>
    answerShareState(
      context,
      request,
      async (key, { stateBatches, ...write }) => {
        await coordinator.write(key, { ...write, batches: stateBatches })
        return {}
      },
      {},
    ),
  )
}
