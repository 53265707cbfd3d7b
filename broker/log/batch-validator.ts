import { errorCodes, KafkaError } from '../protocol/errors.ts'
import { ProtocolError } from '../protocol/protocol-error.ts'
import { batchHeaderBytes, noProducerId, noTimestamp, type RecordBatch } from '../record/record-batch.ts'
import { RecordReader } from '../record/record-reader.ts'
import { defaultLogConfig, type LogConfig } from './log-config.ts'

/**
 * Whether a leader may append what a client sent: the cheap legal part of Kafka's LogValidator. Headers are trusted as
 * far as the checksum goes; records are looked into only where the topic's configuration asks something of each.
 * @throws KafkaError
 */
export function validateClientBatch(batch: RecordBatch, config: LogConfig, nowMs: number): void {
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
  if (config.timestampType === 'CreateTime') validateCreateTime(batch, config, nowMs)
  if (mustReadRecords(config)) validateRecords(batch, config, nowMs)
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

function mustReadRecords(config: LogConfig): boolean {
  if (config.isCompacted) return true
  if (config.timestampType === 'LogAppendTime') return false
  const { timestampBeforeMaxMs, timestampAfterMaxMs } = defaultLogConfig
  return config.timestampBeforeMaxMs !== timestampBeforeMaxMs || config.timestampAfterMaxMs !== timestampAfterMaxMs
}

function validateCreateTime(batch: RecordBatch, config: LogConfig, nowMs: number): void {
  if (batch.hasLogAppendTime) throw invalidTimestamp('A producer may not set LogAppendTime')
  requireTimestampWithin(batch.maxTimestampMs, config, nowMs)
}

function validateRecords(batch: RecordBatch, config: LogConfig, nowMs: number): void {
  try {
    const records = new RecordReader(batch)
    for (let i = 0; records.next(); i++) {
      if (records.offsetDelta !== i) throw invalid(`Record ${i} of the batch has offset ${records.offsetDelta}`)
      if (config.isCompacted && !records.hasKey) throw invalid('Records of a compacted topic need a key')
      if (config.timestampType === 'CreateTime') requireTimestampWithin(records.timestampMs, config, nowMs)
    }
  } catch (error) {
    if (error instanceof ProtocolError) throw new KafkaError(errorCodes.INVALID_RECORD, error.message, { cause: error })
    throw error
  }
}

function requireTimestampWithin(timestampMs: number, config: LogConfig, nowMs: number): void {
  if (timestampMs === noTimestamp) return
  if (timestampMs - nowMs > config.timestampAfterMaxMs || nowMs - timestampMs > config.timestampBeforeMaxMs) {
    throw invalidTimestamp(`Timestamp ${timestampMs} is too far from the broker's clock, ${nowMs}`)
  }
}

function invalid(message: string): KafkaError {
  return new KafkaError(errorCodes.INVALID_RECORD, message)
}

function invalidTimestamp(message: string): KafkaError {
  return new KafkaError(errorCodes.INVALID_TIMESTAMP, message)
}
