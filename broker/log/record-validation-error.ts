import { errorCodes, KafkaError } from '../protocol/errors.ts'

/** What is wrong with one record of a batch that was refused. */
export interface RecordError {
  /** Of the record in its batch. */
  readonly batchIndex: number
  readonly message: string
  readonly isInvalidTimestamp: boolean
}

const shownMax = 3

/** A batch that was refused for some of its records: Produce 8 and later names them. */
export class RecordValidationError extends KafkaError {
  readonly recordErrors: readonly RecordError[]

  constructor(recordErrors: readonly RecordError[]) {
    const isTimestamp = recordErrors.some(({ isInvalidTimestamp }) => isInvalidTimestamp)
    super(
      isTimestamp ? errorCodes.INVALID_TIMESTAMP : errorCodes.INVALID_RECORD,
      isTimestamp ? 'One or more records have been rejected due to invalid timestamp' : describe(recordErrors),
    )
    this.recordErrors = recordErrors
  }
}

function describe(recordErrors: readonly RecordError[]): string {
  const shown = recordErrors
    .slice(0, shownMax)
    .map(({ batchIndex, message }) => `RecordError(batchIndex=${batchIndex}, message='${message}')`)
  return `One or more records have been rejected due to ${recordErrors.length} record errors in total, and only showing the first three errors at most: [${shown.join(', ')}]`
}
