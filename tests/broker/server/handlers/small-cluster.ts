import { onTestFinished } from 'vitest'
import { MetadataCache } from '../../../../broker/metadata/cache.ts'
import { encodeMetadataRecord, type MetadataRecordBody } from '../../../../broker/metadata/records.ts'
import { BrokerConnection } from '../../../../broker/network/connection.ts'
import { Dispatcher } from '../../../../broker/server/dispatcher.ts'
import type { Handler } from '../../../../broker/server/handler.ts'
import { Listener } from '../../../../broker/server/listener.ts'

export const ordersId = Buffer.alloc(16, 1).toString('base64url')
export const paymentsId = Buffer.alloc(16, 2).toString('base64url')

/**
 * What a broker knows of a cluster of brokers 1, 2 (fenced) and 3, the controller; `orders` with one partition that
 * broker 1 leads and one that nobody leads, and `payments` with one.
 */
export function smallCluster(): MetadataCache {
  const cache = new MetadataCache('small-cluster')
  const records: MetadataRecordBody[] = [
    broker(1),
    broker(2, true),
    broker(3),
    { type: 'TopicRecord', name: 'orders', topicId: ordersId },
    partition(ordersId, 0, { replicas: [1, 2], isr: [1], leader: 1, leaderEpoch: 4 }),
    partition(ordersId, 1, { replicas: [2], isr: [], leader: -1, leaderEpoch: 2, eligibleLeaderReplicas: [2] }),
    { type: 'TopicRecord', name: 'payments', topicId: paymentsId },
    partition(paymentsId, 0, { replicas: [3, 1], isr: [3, 1], leader: 3, leaderEpoch: 0 }),
  ]
  cache.apply(records.map(encodeMetadataRecord), records.length)
  cache.applyLeaderChange(3, 9, records.length + 1)
  return cache
}

/** A connection to a broker that serves these apis. */
export async function connectTo(...handlers: Handler[]): Promise<BrokerConnection> {
  const limits = {
    requestBytesMax: 1_000_000,
    requestsInFlightMax: 10,
    responseBytesMax: 1_000_000,
    connectionsMax: 10,
    idleMsMax: 60_000,
  }
  const onBug = (error: unknown) => {
    throw error
  }
  const listener = new Listener({ name: 'client', dispatcher: new Dispatcher('client', handlers), limits, onBug })
  const port = await listener.listen('127.0.0.1', 0)
  listener.serve()
  const connection = await BrokerConnection.connect({ host: '127.0.0.1', port, clientId: 'test' })
  onTestFinished(async () => {
    connection.close()
    await listener.close()
  })
  return connection
}

function broker(brokerId: number, fenced = false): MetadataRecordBody {
  return {
    type: 'RegisterBrokerRecord',
    brokerId,
    incarnationId: ordersId,
    brokerEpoch: brokerId,
    endPoints: [{ name: 'PLAINTEXT', host: `host-${brokerId}`, port: 9090 + brokerId, securityProtocol: 0 }],
    features: [],
    rack: null,
    fenced,
    inControlledShutdown: false,
    logDirs: [],
  }
}

function partition(
  topicId: string,
  partitionId: number,
  state: {
    replicas: number[]
    isr: number[]
    leader: number
    leaderEpoch: number
    eligibleLeaderReplicas?: number[]
  },
): MetadataRecordBody {
  return {
    type: 'PartitionRecord',
    topicId,
    partitionId,
    ...state,
    partitionEpoch: 0,
    addingReplicas: [],
    removingReplicas: [],
  }
}
