import { deleteShareGroupState } from '../../protocol/messages/86-delete-share-group-state.ts'
import type { ShareCoordinator } from '../../share/share-coordinator.ts'
import { type Handler, handler } from '../handler.ts'
import { answerShareState } from '../share-state-answers.ts'

/* Version 0, of group coordinators. What is not kept is deleted already. */

export function deleteShareGroupStateHandler(coordinator: ShareCoordinator): Handler {
  return handler(deleteShareGroupState, (request, context) =>
    answerShareState(
      context,
      request,
      async (key) => {
        await coordinator.remove(key)
        return {}
      },
      {},
    ),
  )
}
