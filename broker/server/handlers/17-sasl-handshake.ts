import { errorCodes } from '../../protocol/errors.ts'
import { saslHandshake } from '../../protocol/messages/17-sasl-handshake.ts'
import { handler } from '../handler.ts'

/* Versions 0-1. What belongs to an authentication is answered by the connection: here it comes out of turn. */
export const saslHandshakeHandler = () =>
  handler(saslHandshake, () => ({ errorCode: errorCodes.ILLEGAL_SASL_STATE, mechanisms: [] }))
