import type { ProducerIdSource } from '../../network/producer-id-source.ts'
import { type ErrorCode, errorCodes, KafkaError } from '../../protocol/errors.ts'
import { initProducerId } from '../../protocol/messages/22-init-producer-id.ts'
import { handler } from '../handler.ts'

/*
 * Versions 0-5, for idempotent producers: a new producer id, whatever id the producer had. This broker has no
 * transactions; a transactional id is answered with UNSUPPORTED_VERSION, which producers take as final.
 */
export const initProducerIdHandler = (producerIds: ProducerIdSource) =>
  handler(initProducerId, async (request) => {
    if (request.transactionalId === '') return refused(errorCodes.INVALID_REQUEST)
    if (request.transactionalId !== null) return refused(errorCodes.UNSUPPORTED_VERSION)
    try {
      const producerId = await producerIds.take()
      return { throttleTimeMs: 0, errorCode: errorCodes.NONE, producerId, producerEpoch: 0 }
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error
      return refused(error.code)
    }
  })

function refused(errorCode: ErrorCode) {
  return { throttleTimeMs: 0, errorCode, producerId: -1, producerEpoch: -1 }
}
