import { describe, expect, test } from 'vitest'
import { groupRecord, offsetRecord } from '../../../broker/group/group-records.ts'
import { zeroUuid } from '../../../broker/protocol/schema.ts'

const key = { group: 'g', topic: 'orders', partition: 3 }
const offset = {
  offset: 42,
  leaderEpoch: 5,
  metadata: 'x',
  commitTimestamp: 1_000,
  expireTimestamp: -1,
  topicId: zeroUuid,
}
const metadata = {
  protocolType: 'consumer',
  generation: 2,
  protocol: 'range',
  leader: 'm1',
  currentStateTimestamp: 1_000,
  members: [
    {
      memberId: 'm1',
      groupInstanceId: null,
      clientId: 'c',
      clientHost: '/h',
      rebalanceTimeout: 300,
      sessionTimeout: 200,
      subscription: Buffer.from([1]),
      assignment: Buffer.from([2, 3]),
    },
  ],
}

describe('records of __consumer_offsets', () => {
  test('an offset is key type 1 and value version 4, as Apache Kafka 4.3 writes it', () => {
    const record = offsetRecord(key, offset)
    expect(record.key?.toString('hex')).toBe(hex('0001', '0001 67', '0006 6f7264657273', '00000003'))
    expect(record.value?.toString('hex')).toBe(
      hex('0004', '000000000000002a', '00000005', '02 78', '00000000000003e8', '00'),
    )
  })

  test('the id of the topic is a tagged field', () => {
    const topicId = Buffer.alloc(16, 7).toString('base64url')
    const record = offsetRecord(key, { ...offset, topicId })
    expect(record.value?.toString('hex')).toBe(
      hex('0004', '000000000000002a', '00000005', '02 78', '00000000000003e8', '01 00 10', '07'.repeat(16)),
    )
  })

  test('an offset with an expiry of its own is value version 1', () => {
    const record = offsetRecord(key, { ...offset, expireTimestamp: 2_000 })
    expect(record.value?.toString('hex')).toBe(
      hex('0001', '000000000000002a', '0001 78', '00000000000003e8', '00000000000007d0'),
    )
  })

  test('a group is key type 2 and value version 3', () => {
    const record = groupRecord('g', metadata)
    expect(record.key?.toString('hex')).toBe(hex('0002', '0001 67'))
    expect(record.value?.toString('hex')).toBe(
      hex(
        ['0003', '0008 636f6e73756d6572', '00000002', '0005 72616e6765', '0002 6d31', '00000000000003e8', '00000001'],
        ['0002 6d31', 'ffff', '0001 63', '0002 2f68', '0000012c', '000000c8', '00000001 01', '00000002 0203'],
      ),
    )
  })
})

function hex(...parts: (string | string[])[]): string {
  return parts.flat().join('').replaceAll(' ', '')
}
