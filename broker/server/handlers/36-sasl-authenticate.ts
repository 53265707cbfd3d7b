import { errorCodes } from '../../protocol/errors.ts'
import { saslAuthenticate } from '../../protocol/messages/36-sasl-authenticate.ts'
import { handler } from '../handler.ts'

/* Versions 0-2. What belongs to an authentication is answered by the connection: here it comes out of turn. */
export const saslAuthenticateHandler = () =>
  handler(saslAuthenticate, () => ({
    errorCode: errorCodes.ILLEGAL_SASL_STATE,
    errorMessage: 'SaslAuthenticate request received after successful authentication',
    authBytes: Buffer.alloc(0),
  }))
