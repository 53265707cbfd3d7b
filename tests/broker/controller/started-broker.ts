import type { Controller } from '../../../broker/controller/controller.ts'
import { clusterId } from './cluster-model.ts'

/** Registers a broker and lets it serve. Returns its epoch. */
export async function startBroker(
  controller: Controller,
  brokerId: number,
  connectionId = `c${brokerId}`,
  /** Another number is another process. */
  incarnation = brokerId,
): Promise<number> {
  const { brokerEpoch } = await controller.registerBroker(
    {
      brokerId,
      clusterId,
      incarnationId: Buffer.alloc(16, incarnation).toString('base64url'),
      listeners: [{ name: 'PLAINTEXT', host: '127.0.0.1', port: 9000 + brokerId, securityProtocol: 0 }],
      features: [],
      rack: null,
      isMigratingZkBroker: false,
      logDirs: [],
      previousBrokerEpoch: -1,
    },
    connectionId,
  )
  await beat(controller, brokerId, brokerEpoch, connectionId)
  return brokerEpoch
}

export function beat(controller: Controller, brokerId: number, brokerEpoch: number, connectionId = `c${brokerId}`) {
  const request = { brokerId, brokerEpoch, currentMetadataOffset: 1_000_000, wantFence: false, wantShutDown: false }
  return controller.heartbeat({ ...request, offlineLogDirs: [], cordonedLogDirs: null }, connectionId)
}
