import { describe, expect, it } from 'vitest'
import { heartbeat } from '../../../broker/controller/broker-heartbeat.ts'
import { BrokerLiveness } from '../../../broker/controller/broker-liveness.ts'
import { registerBroker } from '../../../broker/controller/broker-registration.ts'
import { errorCodes } from '../../../broker/protocol/errors.ts'
import type { BrokerHeartbeatRequest } from '../../../broker/protocol/messages/63-broker-heartbeat.ts'
import { ClusterModel, clusterId, summary } from './cluster-model.ts'

const registration = {
  brokerId: 1,
  clusterId,
  incarnationId: 'AAAAAAAAAAAAAAAAAAAAAQ',
  listeners: [{ name: 'PLAINTEXT', host: '127.0.0.1', port: 9001, securityProtocol: 0 }],
  features: [],
  rack: null,
  isMigratingZkBroker: false,
  logDirs: [],
  previousBrokerEpoch: -1,
}

describe('registering', () => {
  it('gives the offset of the record as epoch and leaves the broker fenced', () => {
    const { state } = new ClusterModel()
    const { records, response } = registerBroker(state, registration, { nextOffset: 42, hasSession: false })
    expect(response.brokerEpoch).toBe(42)
    expect(records).toMatchObject([{ type: 'RegisterBrokerRecord', brokerEpoch: 42, fenced: true }])
  })

  it('keeps the epoch of a process that registers again', () => {
    const cluster = new ClusterModel()
    cluster.apply(registerBroker(cluster.state, registration, { nextOffset: 0, hasSession: false }))
    cluster.unfence(1)
    const again = registerBroker(cluster.state, registration, { nextOffset: 7, hasSession: true })
    expect(again.response.brokerEpoch).toBe(0)
    expect(again.records).toMatchObject([{ fenced: false }])
  })

  it('refuses a second process while the first has a session', () => {
    const cluster = new ClusterModel().start(1)
    const known = { nextOffset: 9, hasSession: true }
    expect(() => registerBroker(cluster.state, registration, known)).toThrow(
      expect.objectContaining({ code: errorCodes.DUPLICATE_BROKER_REGISTRATION }),
    )
  })

  it('refuses a broker of another cluster', () => {
    const { state } = new ClusterModel()
    const known = { nextOffset: 0, hasSession: false }
    expect(() => registerBroker(state, { ...registration, clusterId: 'other' }, known)).toThrow(
      expect.objectContaining({
        code: errorCodes.INCONSISTENT_CLUSTER_ID,
        message: `Expected cluster ID ${clusterId}, but got cluster ID other`,
      }),
    )
  })
})

describe('heartbeats', () => {
  function beat(cluster: ClusterModel, brokerId: number, change: Partial<BrokerHeartbeatRequest> = {}) {
    const request = {
      brokerId,
      brokerEpoch: cluster.epochOf(brokerId),
      currentMetadataOffset: cluster.log.length - 1,
      wantFence: false,
      wantShutDown: false,
      offlineLogDirs: [],
      cordonedLogDirs: null,
      ...change,
    }
    const decision = heartbeat(cluster.state, cluster.liveness, request)
    cluster.liveness.heartbeat(brokerId, `c${brokerId}`, request.currentMetadataOffset + 1, 0)
    const response = cluster.apply(decision)
    const isNewShutdown = request.wantShutDown && decision.records.length > 0
    if (isNewShutdown) cluster.liveness.startShutdown(brokerId, cluster.log.length)
    return response
  }

  it('unfence a broker that has seen its own registration', () => {
    const cluster = new ClusterModel()
    cluster.register(1)
    expect(beat(cluster, 1, { currentMetadataOffset: -1 })).toMatchObject({ isFenced: true, isCaughtUp: false })
    expect(beat(cluster, 1, { wantFence: true })).toMatchObject({ isFenced: true, isCaughtUp: true })
    expect(beat(cluster, 1)).toMatchObject({ isFenced: false })
    expect(cluster.state.image.brokers.get(1)?.isFenced).toBe(false)
  })

  it('of an earlier process are refused', () => {
    const cluster = new ClusterModel().start(1)
    expect(() => beat(cluster, 1, { brokerEpoch: 99 })).toThrow(
      expect.objectContaining({ code: errorCodes.STALE_BROKER_EPOCH }),
    )
    expect(() => beat(cluster, 2)).toThrow(expect.objectContaining({ code: errorCodes.BROKER_ID_NOT_REGISTERED }))
  })

  it('let a broker stop once the others have read who leads now', () => {
    const cluster = new ClusterModel().start(1, 2, 3)
    cluster.createPartition('t', [1, 2, 3])
    beat(cluster, 2)
    beat(cluster, 3)
    expect(beat(cluster, 1, { wantShutDown: true })).toMatchObject({ shouldShutDown: false })
    expect(summary(cluster.partition('t'))).toBe('leader 2, isr 2 3')
    expect(beat(cluster, 1, { wantShutDown: true })).toMatchObject({ shouldShutDown: false })
    beat(cluster, 2)
    beat(cluster, 3)
    expect(beat(cluster, 1, { wantShutDown: true })).toMatchObject({ shouldShutDown: true, isFenced: true })
  })

  it('let the last broker stop at once', () => {
    const cluster = new ClusterModel().start(1)
    cluster.createPartition('t', [1])
    beat(cluster, 1, { wantShutDown: true })
    expect(beat(cluster, 1, { wantShutDown: true })).toMatchObject({ shouldShutDown: true })
    expect(summary(cluster.partition('t'))).toBe('leader -1, isr , eligible 1, last known 1')
  })
})

describe('liveness', () => {
  const limits = { sessionTimeoutMs: 9_000, disconnectGraceMs: 200 }

  it('gives a silent broker the session timeout', () => {
    const liveness = new BrokerLiveness(limits)
    liveness.register(1, 'a', 0)
    expect([liveness.isExpired(1, 8_999), liveness.isExpired(1, 9_000)]).toEqual([false, true])
  })

  it('gives a broker whose connection closed the grace, and forgets it when the broker is back', () => {
    const liveness = new BrokerLiveness(limits)
    liveness.register(1, 'a', 0)
    liveness.disconnected('a', 1_000)
    expect([liveness.isExpired(1, 1_199), liveness.isExpired(1, 1_200)]).toEqual([false, true])
    expect(liveness.hasSession(1, 1_001)).toBe(false)
    liveness.heartbeat(1, 'b', 5, 1_100)
    expect([liveness.isExpired(1, 1_200), liveness.hasSession(1, 1_200)]).toEqual([false, true])
  })

  it('is not ended by a connection that the broker no longer uses', () => {
    const liveness = new BrokerLiveness(limits)
    liveness.register(1, 'a', 0)
    liveness.heartbeat(1, 'b', 5, 100)
    liveness.disconnected('a', 200)
    expect(liveness.isExpired(1, 500)).toBe(false)
  })

  it('gives everyone the grace when a controller takes over', () => {
    const liveness = new BrokerLiveness(limits)
    liveness.expect([1, 2], 0)
    liveness.heartbeat(2, 'a', 5, 150)
    expect([liveness.isExpired(1, 200), liveness.isExpired(2, 200)]).toEqual([true, false])
  })
})
