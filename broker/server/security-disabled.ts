import { errorCodes } from '../protocol/errors.ts'

/** Kafka's answer to whoever asks about ACLs where there is no authorizer. */
export const securityDisabled = {
  errorCode: errorCodes.SECURITY_DISABLED,
  errorMessage: 'No Authorizer is configured.',
} as const
