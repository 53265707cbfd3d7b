import { errorCodes, KafkaError } from '../protocol/errors.ts'
import type { Api, RequestOf, ResponseBodyOf } from '../protocol/schema.ts'
import { CloseConnection, type Handler, handler, type RequestContext } from './handler.ts'

/** The controller that was asked is none any more. */
export class NotController extends CloseConnection {}

/**
 * Answers one api on the controller port. `refuse` makes the answer where the whole request is refused. A controller
 * that is stopping ends the connection instead: the broker then finds the next one and asks again.
 */
export function controllerHandler<A extends Api>(
  api: A,
  handle: (request: RequestOf<A>, context: RequestContext) => Promise<ResponseBodyOf<A>>,
  refuse?: (error: KafkaError, request: RequestOf<A>) => ResponseBodyOf<A>,
): Handler {
  return handler(api, async (request, context) => {
    try {
      return await handle(request, context)
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error
      if (error.code === errorCodes.NOT_CONTROLLER) throw new NotController('Not the controller', { cause: error })
      if (refuse === undefined) throw error
      return refuse(error, request)
    }
  })
}
