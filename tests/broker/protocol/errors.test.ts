import { expect, test } from 'vitest'
import { errorCodes, errorName, isRetriable, KafkaError } from '../../../broker/protocol/errors.ts'

test('codes have Kafka names, and an unknown one shows its number', () => {
  expect(errorName(errorCodes.NOT_LEADER_OR_FOLLOWER)).toBe('NOT_LEADER_OR_FOLLOWER')
  expect(errorName(-1)).toBe('UNKNOWN_SERVER_ERROR')
  expect(errorName(9999)).toBe('ERROR_9999')
})

test('a client may retry what passes, not what stays wrong', () => {
  expect(isRetriable(errorCodes.NOT_ENOUGH_REPLICAS)).toBe(true)
  expect(isRetriable(errorCodes.INVALID_TOPIC_EXCEPTION)).toBe(false)
  expect(isRetriable(errorCodes.NONE)).toBe(false)
})

test('an error carries its code, and its name where nothing else is said', () => {
  const error = new KafkaError(errorCodes.TOPIC_ALREADY_EXISTS)
  expect([error.code, error.message, error.name]).toEqual([36, 'TOPIC_ALREADY_EXISTS', 'KafkaError'])
  expect(new KafkaError(errorCodes.INVALID_REQUEST, 'Empty name').message).toBe('Empty name')
})
