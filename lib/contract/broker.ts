import { z } from 'zod'
import { configEntry } from './config-entry.ts'
import { part } from './part.ts'
import { brokerId, health, instantMs } from './scalars.ts'

export const brokerRow = z.object({
  id: brokerId,
  host: z.string(),
  port: z.number().int(),
  rack: z.string().nullable(),
  /** The quorum's leader by DescribeQuorum, never Metadata's controller id. */
  isController: z.boolean(),
  state: z.enum(['online', 'down']),
  stateSinceMs: instantMs.nullable(),
  health,
  leaders: z.number().int(),
  replicas: z.number().int(),
  outOfSyncReplicas: z.number().int(),
  sizeBytes: z.number().nullable(),
  diskTotalBytes: z.number().nullable(),
  diskUsableBytes: z.number().nullable(),
  recordsInPerSecond: z.number().nullable(),
  bytesInPerSecond: z.number().nullable(),
  /** The embedded cluster's brokers can be stopped and started from the console. */
  isEmbedded: z.boolean(),
})
export type BrokerRow = z.infer<typeof brokerRow>

export const brokersList = z.object({
  brokers: z.array(brokerRow),
  controllerId: brokerId.nullable(),
  controllerEpoch: z.number().int().nullable(),
  parts: z.record(z.string(), part),
})
export type BrokersList = z.infer<typeof brokersList>

export const brokerReplica = z.object({
  topic: z.string(),
  isInternal: z.boolean(),
  partition: z.number().int(),
  isLeader: z.boolean(),
  isInSync: z.boolean(),
  sizeBytes: z.number().nullable(),
  offsetLag: z.number().nullable(),
})
export type BrokerReplica = z.infer<typeof brokerReplica>

export const brokerDetail = z.object({
  broker: brokerRow,
  logDirs: z.array(
    z.object({
      path: z.string(),
      error: z.string().nullable(),
      totalBytes: z.number().nullable(),
      usableBytes: z.number().nullable(),
      sizeBytes: z.number(),
      replicas: z.number().int(),
    }),
  ),
  replicas: z.array(brokerReplica),
  parts: z.record(z.string(), part),
})
export type BrokerDetail = z.infer<typeof brokerDetail>

export const brokerConfigs = z.object({ configs: z.array(configEntry), asOfMs: instantMs })
export type BrokerConfigs = z.infer<typeof brokerConfigs>
