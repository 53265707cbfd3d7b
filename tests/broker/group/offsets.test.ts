import { describe, expect, test } from 'vitest'
import { expiredOffsets, GroupOffsets, isOfTopic } from '../../../broker/group/offsets.ts'
import { errorCodes } from '../../../broker/protocol/errors.ts'
import { zeroUuid } from '../../../broker/protocol/schema.ts'
import { GroupDriver } from './classic/group-driver.ts'

const outsider = { memberId: '', groupInstanceId: null, memberEpoch: -1, apiVersion: 9 }
const dayMs = 86_400_000
const retentionMs = 7 * dayMs

function offsetCommittedAt(commitTimestamp: number, expireTimestamp = -1) {
  return { offset: 1, leaderEpoch: -1, metadata: '', commitTimestamp, expireTimestamp, topicId: zeroUuid }
}

describe('who may commit', () => {
  test.each([
    ['an outsider, while the group is empty', outsider, undefined],
    ['a member of a group that is gone', { ...outsider, memberId: 'm1', memberEpoch: 1 }, errorCodes.UNKNOWN_MEMBER_ID],
  ])('empty group: %s', (_, sender, errorCode) => {
    expect(new GroupDriver().group.commitError(sender)).toBe(errorCode)
  })

  test.each([
    ['a member', { ...outsider, memberId: 'm1', groupInstanceId: 'a', memberEpoch: 1 }, undefined],
    [
      'a member that does not name its instance',
      { ...outsider, memberId: 'm1', groupInstanceId: null, memberEpoch: 1 },
      undefined,
    ],
    [
      'a member of an earlier generation',
      { ...outsider, memberId: 'm1', groupInstanceId: null, memberEpoch: 0 },
      errorCodes.ILLEGAL_GENERATION,
    ],
    [
      'somebody else',
      { ...outsider, memberId: 'x', groupInstanceId: null, memberEpoch: 1 },
      errorCodes.UNKNOWN_MEMBER_ID,
    ],
    [
      'a member that was replaced',
      { ...outsider, memberId: 'x', groupInstanceId: 'a', memberEpoch: 1 },
      errorCodes.FENCED_INSTANCE_ID,
    ],
    ['an outsider', outsider, errorCodes.UNKNOWN_MEMBER_ID],
  ])('stable group: %s', (_, sender, errorCode) => {
    const driver = new GroupDriver()
    driver.stabilise('a')
    expect(driver.group.commitError(sender)).toBe(errorCode)
  })

  test('a member commits while a rebalance is prepared, not while partitions are handed out', () => {
    const driver = new GroupDriver()
    driver.stabilise(null, null)
    driver.join({ memberId: 'm1' })
    expect(driver.group.commitError({ ...outsider, memberId: 'm1', memberEpoch: 1 })).toBeUndefined()
    driver.join({ memberId: 'm2' })
    const sender = { ...outsider, memberId: 'm1', memberEpoch: 2 }
    expect(driver.group.commitError(sender)).toBe(errorCodes.REBALANCE_IN_PROGRESS)
  })
})

describe('what expires', () => {
  test('offsets of a name without members, a week after each commit', () => {
    const { group, nowMs } = new GroupDriver()
    const offsets = new GroupOffsets()
    offsets.put({ topic: 'orders', partition: 0 }, offsetCommittedAt(nowMs))
    offsets.put({ topic: 'orders', partition: 1 }, offsetCommittedAt(nowMs + dayMs))
    expect(expiredOffsets(group, offsets, nowMs + retentionMs - 1, retentionMs)).toEqual([])
    expect(expiredOffsets(group, offsets, nowMs + retentionMs, retentionMs)).toEqual([
      { topic: 'orders', partition: 0 },
    ])
  })

  test('offsets of a group, a week after its last member has gone', () => {
    const driver = new GroupDriver()
    const offsets = new GroupOffsets()
    offsets.put({ topic: 'orders', partition: 0 }, offsetCommittedAt(driver.nowMs))
    const [memberId = ''] = driver.stabilise(null)
    driver.advance(5_000)
    driver.leave({ memberId })
    const emptySinceMs = driver.nowMs
    expect(expiredOffsets(driver.group, offsets, emptySinceMs + retentionMs - 1, retentionMs)).toEqual([])
    expect(expiredOffsets(driver.group, offsets, emptySinceMs + retentionMs, retentionMs)).toHaveLength(1)
  })

  test('in a group with members, only what they no longer read', () => {
    const driver = new GroupDriver()
    driver.stabilise(null)
    const offsets = new GroupOffsets()
    offsets.put({ topic: 'orders', partition: 0 }, offsetCommittedAt(driver.nowMs))
    offsets.put({ topic: 'former', partition: 0 }, offsetCommittedAt(driver.nowMs))
    const expired = expiredOffsets(driver.group, offsets, driver.nowMs + retentionMs, retentionMs)
    expect(expired).toEqual([{ topic: 'former', partition: 0 }])
  })

  test('nothing during a rebalance', () => {
    const driver = new GroupDriver()
    driver.stabilise(null, null)
    driver.join()
    const offsets = new GroupOffsets()
    offsets.put({ topic: 'former', partition: 0 }, offsetCommittedAt(0))
    expect(expiredOffsets(driver.group, offsets, driver.nowMs + retentionMs, retentionMs)).toEqual([])
  })

  test('an offset with an expiry of its own, then', () => {
    const { group, nowMs } = new GroupDriver()
    const offsets = new GroupOffsets()
    offsets.put({ topic: 'orders', partition: 0 }, offsetCommittedAt(nowMs, nowMs + 1_000))
    expect(expiredOffsets(group, offsets, nowMs + 999, retentionMs)).toEqual([])
    expect(expiredOffsets(group, offsets, nowMs + 1_000, retentionMs)).toHaveLength(1)
  })
})

test('an offset belongs to a topic of its id, or of its name where it was committed without an id', () => {
  const [first, second] = [Buffer.alloc(16, 1).toString('base64url'), Buffer.alloc(16, 2).toString('base64url')]
  const byId = { ...offsetCommittedAt(0), topicId: first }
  expect(isOfTopic(byId, first)).toBe(true)
  expect(isOfTopic(byId, second)).toBe(false)
  expect(isOfTopic(byId, zeroUuid)).toBe(true)
  expect(isOfTopic(offsetCommittedAt(0), second)).toBe(true)
})
