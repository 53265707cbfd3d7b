import { describe, expect, test } from 'vitest'
import { ClassicGroup } from '../../../../broker/group/classic/classic-group.ts'
import { errorCodes } from '../../../../broker/protocol/errors.ts'
import { GroupDriver, protocols, rebalanceTimeoutMs, sessionTimeoutMs, subscriptionTo } from './group-driver.ts'

describe('joining', () => {
  test('the first members wait together, the first of them leads and alone learns who is there', () => {
    const driver = new GroupDriver()
    const first = driver.join()
    const second = driver.join()
    expect(driver.joinAnswers.size).toBe(0)
    driver.advance(0)
    expect(driver.group.state).toBe('CompletingRebalance')
    const leader = driver.joinAnswers.get(first)
    expect(leader).toMatchObject({ errorCode: 0, generationId: 1, leader: 'm1', memberId: 'm1', protocolName: 'range' })
    expect(leader?.members.map(({ memberId }) => memberId)).toEqual(['m1', 'm2'])
    expect(driver.joinAnswers.get(second)).toMatchObject({ errorCode: 0, leader: 'm1', memberId: 'm2', members: [] })
  })

  test('a new dynamic member of v4 and later is told its id and joins with it', () => {
    const driver = new GroupDriver()
    const first = driver.join({ requiresKnownMemberId: true })
    expect(driver.joinAnswers.get(first)).toMatchObject({ errorCode: errorCodes.MEMBER_ID_REQUIRED, memberId: 'm1' })
    expect(driver.group.state).toBe('Empty')
    const second = driver.join({ memberId: 'm1', requiresKnownMemberId: true })
    driver.advance(0)
    expect(driver.joinAnswers.get(second)).toMatchObject({ errorCode: 0, memberId: 'm1', generationId: 1 })
  })

  test('a member that was told its id and does not come back is forgotten after its session timeout', () => {
    const driver = new GroupDriver()
    const [leader = ''] = driver.stabilise(null)
    driver.join({ requiresKnownMemberId: true, newMemberId: 'late' })
    const again = driver.join({ memberId: leader })
    expect(driver.joinAnswers.has(again)).toBe(false)
    driver.advance(sessionTimeoutMs)
    expect(driver.joinAnswers.get(again)).toMatchObject({ errorCode: 0, generationId: 2 })
    const late = driver.join({ memberId: 'late' })
    expect(driver.joinAnswers.get(late)).toMatchObject({ errorCode: errorCodes.UNKNOWN_MEMBER_ID })
  })

  test('the first rebalance waits for more members, longer while they keep coming, up to the rebalance timeout', () => {
    const driver = new GroupDriver({ initialRebalanceDelayMs: 3_000 })
    driver.join({ rebalanceTimeoutMs: 8_000 })
    driver.advance(2_000)
    driver.join({ rebalanceTimeoutMs: 8_000 })
    driver.advance(2_000)
    expect(driver.group.state).toBe('PreparingRebalance')
    driver.join({ rebalanceTimeoutMs: 8_000 })
    driver.advance(2_000)
    expect(driver.group.state).toBe('PreparingRebalance')
    driver.join({ rebalanceTimeoutMs: 8_000 })
    driver.advance(2_000)
    expect(driver.group.state).toBe('CompletingRebalance')
    expect(driver.group.memberCount).toBe(4)
  })

  test('a rebalance ends when all have joined again', () => {
    const driver = new GroupDriver()
    const [first = '', second = ''] = driver.stabilise(null, null)
    driver.join()
    expect(driver.group.state).toBe('PreparingRebalance')
    driver.join({ memberId: first })
    expect(driver.group.state).toBe('PreparingRebalance')
    driver.join({ memberId: second })
    expect(driver.group.state).toBe('CompletingRebalance')
    expect(driver.group).toMatchObject({ generationId: 2, leaderId: first, memberCount: 3 })
  })

  test('who does not join again within the rebalance timeout is left out, and another leads', () => {
    const driver = new GroupDriver()
    const [, second = ''] = driver.stabilise(null, null)
    driver.join({ newMemberId: 'new' })
    const again = driver.join({ memberId: second })
    for (let waitedMs = 0; waitedMs < rebalanceTimeoutMs; waitedMs += sessionTimeoutMs / 2) {
      driver.advance(sessionTimeoutMs / 2)
      driver.heartbeat('m1', 1)
    }
    expect(driver.joinAnswers.get(again)).toMatchObject({ generationId: 2, leader: second })
    expect([...driver.group.members].map(({ memberId }) => memberId)).toEqual([second, 'new'])
  })

  test('the protocol that most members prefer among those that all support wins', () => {
    const driver = new GroupDriver()
    driver.join({ protocols: protocols('sticky', 'range', 'roundrobin') })
    driver.join({ protocols: protocols('roundrobin', 'range') })
    const third = driver.join({ protocols: protocols('range', 'roundrobin', 'own') })
    driver.advance(0)
    expect(driver.joinAnswers.get(third)).toMatchObject({ protocolName: 'range' })
  })

  test.each([
    ['no protocol type', { protocolType: '' }],
    ['no protocols', { protocols: [] }],
  ])('an empty group refuses a member with %s', (_, join) => {
    const driver = new GroupDriver()
    const request = driver.join(join)
    expect(driver.joinAnswers.get(request)).toMatchObject({ errorCode: errorCodes.INCONSISTENT_GROUP_PROTOCOL })
  })

  test.each([
    ['another protocol type', { protocolType: 'connect' }],
    ['no protocol in common', { protocols: protocols('own') }],
  ])('a group refuses a member with %s', (_, join) => {
    const driver = new GroupDriver()
    driver.stabilise(null)
    const request = driver.join(join)
    expect(driver.joinAnswers.get(request)).toMatchObject({ errorCode: errorCodes.INCONSISTENT_GROUP_PROTOCOL })
    expect(driver.group.state).toBe('Stable')
  })

  test('a full group turns new members away', () => {
    const driver = new GroupDriver({ membersMax: 2 })
    driver.stabilise(null, null)
    const request = driver.join()
    expect(driver.joinAnswers.get(request)).toMatchObject({
      errorCode: errorCodes.GROUP_MAX_SIZE_REACHED,
      memberId: '',
    })
    expect(driver.group.state).toBe('Stable')
  })

  test('a follower that joins again unchanged gets its generation without a rebalance', () => {
    const driver = new GroupDriver()
    const [, follower = ''] = driver.stabilise(null, null)
    const again = driver.join({ memberId: follower })
    expect(driver.joinAnswers.get(again)).toMatchObject({ errorCode: 0, generationId: 1, memberId: follower })
    expect(driver.group.state).toBe('Stable')
  })

  test.each([
    ['the leader joins again', 0, {}],
    ['a follower changes its subscription', 1, { protocols: [{ name: 'range', metadata: subscriptionTo('other') }] }],
  ])('%s: rebalance', (_, index, join) => {
    const driver = new GroupDriver()
    const memberId = driver.stabilise(null, null)[index] ?? ''
    const again = driver.join({ memberId, ...join })
    expect(driver.group.state).toBe('PreparingRebalance')
    expect(driver.joinAnswers.has(again)).toBe(false)
  })

  test('a member that missed its answer gets it again while the leader computes assignments', () => {
    const driver = new GroupDriver()
    driver.join()
    driver.join()
    driver.advance(0)
    const again = driver.join({ memberId: 'm1' })
    expect(driver.joinAnswers.get(again)?.members).toHaveLength(2)
    expect(driver.group.state).toBe('CompletingRebalance')
  })

  test('a member that the group does not know is refused', () => {
    const driver = new GroupDriver()
    driver.stabilise(null)
    const request = driver.join({ memberId: 'nobody' })
    expect(driver.joinAnswers.get(request)).toMatchObject({ errorCode: errorCodes.UNKNOWN_MEMBER_ID })
  })
})

describe('syncing', () => {
  test('everyone gets what the leader assigned once it is written', () => {
    const driver = new GroupDriver()
    driver.join()
    driver.join()
    driver.advance(0)
    const follower = driver.sync({ memberId: 'm2' })
    const leader = driver.sync({ memberId: 'm1', assignments: [{ memberId: 'm2', assignment: Buffer.from('all') }] })
    expect(driver.syncAnswers.size).toBe(0)
    expect(driver.written).toMatchObject({ generation: 1, leader: 'm1', protocol: 'range' })
    driver.finishWrites()
    expect(driver.group.state).toBe('Stable')
    expect(driver.syncAnswers.get(follower)?.assignment.toString()).toBe('all')
    expect(driver.syncAnswers.get(leader)?.assignment).toHaveLength(0)
  })

  test('a member that asks when the group is stable gets its assignment at once', () => {
    const driver = new GroupDriver()
    const [, follower = ''] = driver.stabilise(null, null)
    const request = driver.sync({ memberId: follower, protocolName: 'range', protocolType: 'consumer' })
    expect(driver.syncAnswers.get(request)?.assignment.toString()).toBe(`to ${follower}`)
  })

  test.each([
    ['another generation', { generationId: 7 }, errorCodes.ILLEGAL_GENERATION],
    ['an unknown member', { memberId: 'nobody' }, errorCodes.UNKNOWN_MEMBER_ID],
    ['an unknown instance', { groupInstanceId: 'nobody' }, errorCodes.UNKNOWN_MEMBER_ID],
    ['another protocol', { protocolName: 'sticky' }, errorCodes.INCONSISTENT_GROUP_PROTOCOL],
    ['another protocol type', { protocolType: 'connect' }, errorCodes.INCONSISTENT_GROUP_PROTOCOL],
  ])('%s is refused', (_, sync, errorCode) => {
    const driver = new GroupDriver()
    const [memberId = ''] = driver.stabilise(null)
    const request = driver.sync({ memberId, ...sync })
    expect(driver.syncAnswers.get(request)).toMatchObject({ errorCode })
  })

  test('a rebalance that begins sends the waiting back to join', () => {
    const driver = new GroupDriver()
    driver.join()
    driver.join()
    driver.advance(0)
    const waiting = driver.sync({ memberId: 'm2' })
    driver.join()
    expect(driver.syncAnswers.get(waiting)).toMatchObject({ errorCode: errorCodes.REBALANCE_IN_PROGRESS })
    const late = driver.sync({ memberId: 'm1' })
    expect(driver.syncAnswers.get(late)).toMatchObject({ errorCode: errorCodes.REBALANCE_IN_PROGRESS })
  })

  test('an assignment that cannot be written is answered with the error, and the group rebalances', () => {
    const driver = new GroupDriver()
    driver.join()
    driver.advance(0)
    const request = driver.sync({ memberId: 'm1' })
    driver.finishWrites(errorCodes.NOT_COORDINATOR)
    expect(driver.syncAnswers.get(request)).toMatchObject({ errorCode: errorCodes.NOT_COORDINATOR })
    expect(driver.group.state).toBe('PreparingRebalance')
  })

  test('an assignment that was written too late, for a generation that is over, is ignored', () => {
    const driver = new GroupDriver()
    driver.join()
    driver.advance(0)
    driver.sync({ memberId: 'm1' })
    driver.join()
    driver.join({ memberId: 'm1' })
    expect(driver.group).toMatchObject({ state: 'CompletingRebalance', generationId: 2 })
    driver.finishWrites()
    expect(driver.group.state).toBe('CompletingRebalance')
  })

  test('a member that joins and never asks for its assignment is removed after the rebalance timeout', () => {
    const driver = new GroupDriver()
    driver.join()
    driver.join()
    driver.advance(0)
    driver.sync({ memberId: 'm1' })
    driver.finishWrites()
    for (let waitedMs = 0; waitedMs < rebalanceTimeoutMs; waitedMs += 5_000) {
      expect(driver.group.state).toBe('Stable')
      driver.heartbeat('m1')
      driver.heartbeat('m2')
      driver.advance(5_000)
    }
    expect(driver.group).toMatchObject({ state: 'PreparingRebalance', memberCount: 1 })
  })
})

describe('heartbeats and sessions', () => {
  test.each([
    ['Stable', errorCodes.NONE],
    ['PreparingRebalance', errorCodes.REBALANCE_IN_PROGRESS],
    ['CompletingRebalance', errorCodes.NONE],
  ])('in %s a heartbeat is answered with %i', (state, errorCode) => {
    const driver = new GroupDriver()
    const [first = ''] = driver.stabilise(null, null)
    if (state !== 'Stable') driver.join({ memberId: first })
    if (state === 'CompletingRebalance') driver.join({ memberId: 'm2' })
    expect(driver.group.state).toBe(state)
    expect(driver.heartbeat(first)).toBe(errorCode)
  })

  test('a heartbeat of another generation or an unknown member is refused', () => {
    const driver = new GroupDriver()
    const [memberId = ''] = driver.stabilise(null)
    expect(driver.heartbeat(memberId, 0)).toBe(errorCodes.ILLEGAL_GENERATION)
    expect(driver.heartbeat('nobody')).toBe(errorCodes.UNKNOWN_MEMBER_ID)
    expect(driver.heartbeat(memberId, 1, 'nobody')).toBe(errorCodes.UNKNOWN_MEMBER_ID)
  })

  test('a member without heartbeats is removed after its session timeout', () => {
    const driver = new GroupDriver()
    const [first = '', second = ''] = driver.stabilise(null, null)
    driver.advance(sessionTimeoutMs - 1)
    driver.heartbeat(first)
    driver.advance(1)
    expect(driver.group).toMatchObject({ state: 'PreparingRebalance', memberCount: 1 })
    expect(driver.heartbeat(second)).toBe(errorCodes.UNKNOWN_MEMBER_ID)
  })

  test('the last member that times out leaves the group empty, one generation later', () => {
    const driver = new GroupDriver()
    driver.stabilise(null)
    driver.advance(sessionTimeoutMs)
    expect(driver.group).toMatchObject({ state: 'Empty', generationId: 2, protocolType: 'consumer' })
    expect(driver.written).toMatchObject({
      generation: 2,
      leader: null,
      protocol: null,
      members: [],
    })
  })

  test('a member that waits for the others keeps its place', () => {
    const driver = new GroupDriver()
    const [first = '', second = ''] = driver.stabilise(null, null)
    driver.join({ memberId: first })
    driver.advance(sessionTimeoutMs - 1)
    driver.heartbeat(second)
    driver.advance(sessionTimeoutMs - 1)
    driver.heartbeat(second)
    expect(driver.group.memberCount).toBe(2)
  })

  test('an offset commit counts as a sign of life', () => {
    const driver = new GroupDriver()
    const [memberId = ''] = driver.stabilise(null)
    driver.advance(sessionTimeoutMs - 1)
    driver.run(driver.group.committed({ memberId: memberId, groupInstanceId: null, memberEpoch: 1, apiVersion: 9 }))
    driver.advance(sessionTimeoutMs - 1)
    expect(driver.group.state).toBe('Stable')
  })

  test('a first join that has waited for five minutes is ended', () => {
    const driver = new GroupDriver()
    const [first = ''] = driver.stabilise(null)
    const waiting = driver.join({ rebalanceTimeoutMs: 600_000 })
    for (let waitedMs = 0; waitedMs < 300_000; waitedMs += 5_000) {
      driver.heartbeat(first)
      driver.advance(5_000)
    }
    expect(driver.joinAnswers.get(waiting)).toMatchObject({ errorCode: errorCodes.UNKNOWN_MEMBER_ID, memberId: '' })
  })
})

describe('leaving', () => {
  test('members leave in one request, each with its own answer', () => {
    const driver = new GroupDriver()
    const [first = '', , third = ''] = driver.stabilise(null, 'static', null)
    const answers = driver.leave(
      { memberId: first },
      { memberId: '', groupInstanceId: 'static' },
      { memberId: 'nobody' },
      { memberId: '', groupInstanceId: 'nobody' },
      { memberId: third, groupInstanceId: 'static' },
    )
    const { NONE, UNKNOWN_MEMBER_ID } = errorCodes
    expect(answers).toEqual([NONE, NONE, UNKNOWN_MEMBER_ID, UNKNOWN_MEMBER_ID, UNKNOWN_MEMBER_ID])
    expect(driver.group).toMatchObject({ state: 'PreparingRebalance', memberCount: 1, leaderId: third })
  })

  test('a static member under an id that it no longer has is fenced', () => {
    const driver = new GroupDriver()
    driver.stabilise('static')
    expect(driver.leave({ memberId: 'old', groupInstanceId: 'static' })).toEqual([errorCodes.FENCED_INSTANCE_ID])
  })

  test('a pending member that leaves an empty group starts nothing', () => {
    const driver = new GroupDriver()
    driver.join({ requiresKnownMemberId: true })
    expect(driver.leave({ memberId: 'm1' })).toEqual([errorCodes.NONE])
    expect(driver.group.state).toBe('Empty')
    expect(driver.timers.size).toBe(0)
  })

  test('the last one to leave empties the group', () => {
    const driver = new GroupDriver()
    const [memberId = ''] = driver.stabilise(null)
    driver.leave({ memberId })
    expect(driver.group).toMatchObject({ state: 'Empty', generationId: 2 })
    expect(driver.timers.size).toBe(0)
  })
})

describe('static members', () => {
  test('a restarted follower takes its place without a rebalance', () => {
    const driver = new GroupDriver()
    const [leader = '', follower = ''] = driver.stabilise('a', 'b')
    const again = driver.join({ groupInstanceId: 'b', newMemberId: 'b2' })
    expect(driver.joinAnswers.has(again)).toBe(false)
    driver.finishWrites()
    expect(driver.joinAnswers.get(again)).toMatchObject({
      errorCode: 0,
      generationId: 1,
      memberId: 'b2',
      leader,
      skipAssignment: false,
      members: [],
    })
    expect(driver.group.state).toBe('Stable')
    const sync = driver.sync({ memberId: 'b2', groupInstanceId: 'b' })
    expect(driver.syncAnswers.get(sync)?.assignment.toString()).toBe(`to ${follower}`)
    expect(driver.heartbeat(follower, 1, 'b')).toBe(errorCodes.FENCED_INSTANCE_ID)
  })

  test('a restarted leader of v9 is told to skip the assignment', () => {
    const driver = new GroupDriver()
    driver.stabilise('a', 'b')
    const again = driver.join({ groupInstanceId: 'a', newMemberId: 'a2' })
    driver.finishWrites()
    expect(driver.joinAnswers.get(again)).toMatchObject({ leader: 'a2', memberId: 'a2', skipAssignment: true })
    expect(driver.joinAnswers.get(again)?.members).toHaveLength(2)
  })

  test('a restarted leader before v9 is told that its old self leads', () => {
    const driver = new GroupDriver()
    const [leader] = driver.stabilise('a', 'b')
    const again = driver.join({ groupInstanceId: 'a', newMemberId: 'a2', canSkipAssignment: false })
    driver.finishWrites()
    expect(driver.joinAnswers.get(again)).toMatchObject({ leader, memberId: 'a2', skipAssignment: false, members: [] })
  })

  test('a replacement that cannot be written is undone', () => {
    const driver = new GroupDriver()
    const [, follower = ''] = driver.stabilise('a', 'b')
    const again = driver.join({ groupInstanceId: 'b', newMemberId: 'b2' })
    driver.finishWrites(errorCodes.COORDINATOR_NOT_AVAILABLE)
    expect(driver.joinAnswers.get(again)).toMatchObject({ errorCode: errorCodes.COORDINATOR_NOT_AVAILABLE })
    expect(driver.heartbeat(follower, 1, 'b')).toBe(errorCodes.NONE)
  })

  test('a restart that changes the elected protocol rebalances', () => {
    const driver = new GroupDriver()
    driver.join({ groupInstanceId: 'a', protocols: protocols('range', 'sticky') })
    driver.advance(0)
    driver.sync({ memberId: 'm1', groupInstanceId: 'a' })
    driver.finishWrites()
    driver.join({ groupInstanceId: 'a', newMemberId: 'a2', protocols: protocols('sticky', 'range') })
    expect(driver.group).toMatchObject({ generationId: 2, protocolName: 'sticky' })
  })

  test('a restart while the leader computes assignments starts the rebalance again', () => {
    const driver = new GroupDriver()
    driver.join({ groupInstanceId: 'a' })
    driver.join({ groupInstanceId: 'b' })
    driver.advance(0)
    const waiting = driver.sync({ memberId: 'm2', groupInstanceId: 'b' })
    driver.join({ groupInstanceId: 'b', newMemberId: 'b2' })
    expect(driver.syncAnswers.get(waiting)).toMatchObject({ errorCode: errorCodes.FENCED_INSTANCE_ID })
    expect(driver.group.state).toBe('PreparingRebalance')
  })

  test('a join that waits under the old id is fenced', () => {
    const driver = new GroupDriver()
    driver.stabilise('a', 'b')
    const waiting = driver.join({ memberId: 'm1', groupInstanceId: 'a' })
    driver.join({ groupInstanceId: 'a', newMemberId: 'a2' })
    expect(driver.joinAnswers.get(waiting)).toMatchObject({ errorCode: errorCodes.FENCED_INSTANCE_ID })
  })

  test('a static member keeps its place in a rebalance that it misses, until its session ends', () => {
    const driver = new GroupDriver()
    const [first = ''] = driver.stabilise(null, 'b')
    driver.join({ memberId: first })
    for (let waitedMs = 0; waitedMs < rebalanceTimeoutMs; waitedMs += 5_000) {
      driver.heartbeat('m2', 1, 'b')
      driver.advance(5_000)
    }
    expect(driver.group).toMatchObject({ state: 'CompletingRebalance', memberCount: 2, generationId: 2 })
  })
})

describe('taking over', () => {
  test('a group restored from its record is stable, with full sessions for its members', () => {
    const driver = new GroupDriver()
    const [first = '', second = ''] = driver.stabilise(null, 'b')
    driver.join({ groupInstanceId: 'b', newMemberId: 'b2' })
    const restored = new ClassicGroup('group', driver.limits, undefined, driver.written)
    expect(restored).toMatchObject({ state: 'Stable', generationId: 1, protocolName: 'range', leaderId: first })
    expect(restored.isSubscribedTo('orders')).toBe(true)
    expect(restored.isSubscribedTo('other')).toBe(false)
    driver.group = restored
    driver.timers.clear()
    driver.run(restored.activate(driver.nowMs))
    expect([...driver.timers.values()]).toEqual([driver.nowMs + sessionTimeoutMs, driver.nowMs + sessionTimeoutMs])
    expect(driver.heartbeat('b2', 1, 'b')).toBe(errorCodes.NONE)
    expect(driver.heartbeat(second, 1, 'b')).toBe(errorCodes.FENCED_INSTANCE_ID)
    const sync = driver.sync({ memberId: first })
    expect(driver.syncAnswers.get(sync)?.assignment.toString()).toBe(`to ${first}`)
  })

  test('a group that moves away answers whoever waits', () => {
    const driver = new GroupDriver()
    driver.join()
    driver.advance(0)
    const sync = driver.sync({ memberId: 'm1' })
    const join = driver.join()
    driver.run(driver.group.close(errorCodes.NOT_COORDINATOR))
    expect(driver.syncAnswers.get(sync)).toMatchObject({ errorCode: errorCodes.REBALANCE_IN_PROGRESS })
    expect(driver.joinAnswers.get(join)).toMatchObject({ errorCode: errorCodes.NOT_COORDINATOR })
    expect(driver.group.state).toBe('Dead')
    expect(driver.heartbeat('m1')).toBe(errorCodes.COORDINATOR_NOT_AVAILABLE)
  })
})
