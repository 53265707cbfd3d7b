import { errorCodes, KafkaError } from '../protocol/errors.ts'
import { ProtocolError } from '../protocol/protocol-error.ts'
import { batchHeaderBytes, noProducerId, noTimestamp, type RecordBatch } from '../record/record-batch.ts'
import { RecordReader } from '../record/record-reader.ts'
import { defaultLogConfig, type LogConfig } from './log-config.ts'
import { type RecordError, RecordValidationError } from './record-validation-error.ts'

/** Of the log that takes the batch. */
export interface ValidationContext {
  readonly config: LogConfig
  readonly nowMs: number
  /** `topic-partition`, for messages. */
  readonly logName: string
}

/**
 * Whether a leader may append what a client sent: the cheap legal part of Kafka's LogValidator. Headers are trusted as
 * far as the checksum goes; records are looked into only where the topic's configuration asks something of each.
 * @throws KafkaError, of which RecordValidationError names the records at fault
 */
export function validateClientBatch(batch: RecordBatch, context: ValidationContext): void {
  const { config, nowMs } = context
  validateSizes(batch, config)
  if (!batch.hasKnownFormat) throw invalid('Only record batches of format 2 are accepted')
  if (!batch.hasValidChecksum())
    throw new KafkaError(errorCodes.CORRUPT_MESSAGE, 'Checksum of the batch does not match')
  if (batch.end !== batch.buffer.length) throw invalid('A request may hold one batch for each partition')
  if (batch.baseOffset !== 0) throw invalid(`Base offset of a new batch is ${batch.baseOffset}, not 0`)
  if (batch.recordCount <= 0 || batch.lastOffsetDelta + 1 !== batch.recordCount) {
    throw invalid(`Batch with last offset ${batch.lastOffsetDelta} of ${batch.recordCount} records`)
  }
  if (batch.isControl) throw invalid('Clients may not write control records')
  if (batch.producerId !== noProducerId && batch.baseSequence < 0) throw invalid('Producer id without a sequence')
  const isLate = batch.hasLogAppendTime || !isTimestampWithin(batch.maxTimestampMs, config, nowMs)
  const hasSuspectTime = config.timestampType === 'CreateTime' && isLate
  if (hasSuspectTime || mustReadRecords(batch, config)) validateRecords(batch, context)
}

/** What holds for batches of our own coordinators and of other brokers, too. */
export function validateSizes(batch: RecordBatch, config: LogConfig): void {
  if (!batch.hasLength || batch.sizeBytes < batchHeaderBytes || !batch.isComplete) {
    throw new KafkaError(errorCodes.CORRUPT_MESSAGE, 'Batch cut short')
  }
  if (batch.sizeBytes > config.maxMessageBytes) {
    throw new KafkaError(
      errorCodes.MESSAGE_TOO_LARGE,
      `Batch of ${batch.sizeBytes} bytes where max.message.bytes is ${config.maxMessageBytes}`,
    )
  }
  if (batch.sizeBytes > config.segmentBytes) {
    throw new KafkaError(
      errorCodes.RECORD_LIST_TOO_LARGE,
      `Batch of ${batch.sizeBytes} bytes where segment.bytes is ${config.segmentBytes}`,
    )
  }
}

function mustReadRecords(batch: RecordBatch, config: LogConfig): boolean {
  if (config.isCompacted) return true
  if (config.compression !== undefined && config.compression.codec !== batch.codec) return true
  if (config.timestampType === 'LogAppendTime') return false
  const { timestampBeforeMaxMs, timestampAfterMaxMs } = defaultLogConfig
  return config.timestampBeforeMaxMs !== timestampBeforeMaxMs || config.timestampAfterMaxMs !== timestampAfterMaxMs
}

/** Named in one answer: a batch can hold millions of records that are not allowed. */
const recordErrorsMax = 10_000

function validateRecords(batch: RecordBatch, context: ValidationContext): void {
  const errors: RecordError[] = []
  try {
    const records = new RecordReader(batch)
    for (let i = 0; records.next(); i++) {
      if (records.offsetDelta !== i) {
        throw invalid(`Inner record ${i} of the batch has offset ${records.offsetDelta}: offsets must be incremental`)
      }
      const error = findRecordError(batch, records, context)
      if (error !== undefined && errors.length < recordErrorsMax) errors.push(error)
    }
  } catch (error) {
    if (error instanceof ProtocolError) throw new KafkaError(errorCodes.INVALID_RECORD, error.message, { cause: error })
    throw error
  }
  if (errors.length > 0) throw new RecordValidationError(errors)
}

function findRecordError(
  batch: RecordBatch,
  record: RecordReader,
  { config, nowMs, logName }: ValidationContext,
): RecordError | undefined {
  const batchIndex = record.offsetDelta
  if (config.isCompacted && !record.hasKey) {
    const message = `Compacted topic cannot accept message without key in topic partition ${logName}`
    return { batchIndex, message, isInvalidTimestamp: false }
  }
  if (config.timestampType !== 'CreateTime') return undefined
  if (batch.hasLogAppendTime) {
    const message = `Invalid timestamp type in message ${batchIndex}. Producer should not set timestamp type to LogAppendTime.`
    return { batchIndex, message, isInvalidTimestamp: true }
  }
  const { timestampMs } = record
  if (isTimestampWithin(timestampMs, config, nowMs)) return undefined
  const from = BigInt(nowMs) - asLong(config.timestampBeforeMaxMs)
  const range = `[${from}, ${BigInt.asIntN(64, BigInt(nowMs) + asLong(config.timestampAfterMaxMs))}]`
  const message = `Timestamp ${timestampMs} of message with offset ${batchIndex} is out of range. The timestamp should be within ${range}`
  return { batchIndex, message, isInvalidTimestamp: true }
}

/** Never, as Kafka has it. */
function asLong(durationMs: number): bigint {
  return durationMs === Number.MAX_SAFE_INTEGER ? 2n ** 63n - 1n : BigInt(durationMs)
}

function isTimestampWithin(timestampMs: number, config: LogConfig, nowMs: number): boolean {
  if (timestampMs === noTimestamp) return true
  return timestampMs - nowMs <= config.timestampAfterMaxMs && nowMs - timestampMs <= config.timestampBeforeMaxMs
}

function invalid(message: string): KafkaError {
  return new KafkaError(errorCodes.INVALID_RECORD, message)
}
