import { initializeShareGroupState } from '../../protocol/messages/83-initialize-share-group-state.ts'
import type { ShareCoordinator } from '../../share/share-coordinator.ts'
import { type Handler, handler } from '../handler.ts'
import { answerShareState } from '../share-state-answers.ts'

/* Version 0, of group coordinators. */

export function initializeShareGroupStateHandler(coordinator: ShareCoordinator): Handler {
  return handler(initializeShareGroupState, (request, context) =>
    answerShareState(
      context,
      request,
      async (key, start) => {
        await coordinator.initialize(key, start)
        return {}
      },
      {},
    ),
  )
}
