import { readShareGroupStateSummary } from '../../protocol/messages/87-read-share-group-state-summary.ts'
import type { ShareCoordinator } from '../../share/share-coordinator.ts'
import { type Handler, handler } from '../handler.ts'
import { answerShareState } from '../share-state-answers.ts'

/* Versions 0-1, of group coordinators. Of what is not kept everything is said to be unknown. */

const unknown = { stateEpoch: 0, leaderEpoch: 0, startOffset: -1, deliveryCompleteCount: -1 }

export function readShareGroupStateSummaryHandler(coordinator: ShareCoordinator): Handler {
  return handler(readShareGroupStateSummary, (request, context) =>
    answerShareState(
      context,
      request,
      async (key) => {
        const state = await coordinator.summarize(key)
        if (state === undefined) return unknown
        const { stateEpoch, leaderEpoch, startOffset, deliveryCompleteCount } = state
        return { stateEpoch, leaderEpoch, startOffset, deliveryCompleteCount }
      },
      unknown,
    ),
  )
}
