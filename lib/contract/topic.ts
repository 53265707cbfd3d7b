import { z } from 'zod'
import { configEntry } from './config-entry.ts'
import { part } from './part.ts'
import { brokerId, groupId, health, instantMs, offset, topicName } from './scalars.ts'
import { topicVerdict } from './verdict.ts'

export const topicRow = z.object({
  name: z.string(),
  isInternal: z.boolean(),
  health,
  partitions: z.number().int(),
  replicationFactor: z.number().int(),
  underReplicated: z.number().int(),
  offline: z.number().int(),
  recordsInPerSecond: z.number().nullable(),
  bytesInPerSecond: z.number().nullable(),
  /** End minus start over all partitions: an upper bound on a compacted or transactional topic. */
  records: z.number().nullable(),
  /** Bytes on disk of the leaders' replicas, and of all replicas. */
  sizeBytes: z.number().nullable(),
  replicatedSizeBytes: z.number().nullable(),
  cleanupPolicy: z.string().nullable(),
  groups: z.number().int().nullable(),
})
export type TopicRow = z.infer<typeof topicRow>

export const topicsList = z.object({ topics: z.array(topicRow), parts: z.record(z.string(), part) })
export type TopicsList = z.infer<typeof topicsList>

export const partitionRow = z.object({
  partition: z.number().int(),
  health,
  leader: brokerId.nullable(),
  preferredLeader: brokerId.nullable(),
  leaderEpoch: z.number().int().nullable(),
  replicas: z.array(brokerId),
  inSync: z.array(brokerId),
  offlineReplicas: z.array(brokerId),
  logStartOffset: offset.nullable(),
  endOffset: offset.nullable(),
  records: z.number().nullable(),
  sizeBytes: z.number().nullable(),
  recordsInPerSecond: z.number().nullable(),
  underReplicatedSinceMs: instantMs.nullable(),
})
export type PartitionRow = z.infer<typeof partitionRow>

export const topicDetail = z.object({
  topic: topicRow,
  topicId: z.string().nullable(),
  verdict: topicVerdict,
  minInSyncReplicas: z.number().int().nullable(),
  partitions: z.array(partitionRow),
  groups: z.array(
    z.object({
      group: groupId,
      state: z.string(),
      lagRecords: z.number().nullable(),
      lagSeconds: z.number().nullable(),
    }),
  ),
  parts: z.record(z.string(), part),
})
export type TopicDetail = z.infer<typeof topicDetail>

export const topicConfigs = z.object({ configs: z.array(configEntry), asOfMs: instantMs })
export type TopicConfigs = z.infer<typeof topicConfigs>

/** Every topic config the cluster knows with the value a new topic would get, for the create form. */
export const topicDefaults = z.object({
  configs: z.array(configEntry),
  partitions: z.number().int(),
  replicationFactor: z.number().int(),
  brokers: z.number().int(),
})
export type TopicDefaults = z.infer<typeof topicDefaults>

export const createTopicInput = z.object({
  name: z.string(),
  /** `null` is the broker's own default. */
  partitions: z.number().int().min(1).max(10_000).nullable(),
  replicationFactor: z.number().int().min(1).max(32_767).nullable(),
  configs: z.record(z.string(), z.string()),
})
export type CreateTopicInput = z.infer<typeof createTopicInput>

/** The cluster's own answer to a validate-only CreateTopics, mapped to the form's fields where it names one. */
export const createTopicCheck = z.object({
  isAccepted: z.boolean(),
  fields: z.array(z.object({ path: z.string(), message: z.string(), level: z.enum(['error', 'warning']) })),
  kafkaError: z.string().nullable(),
  /** What would exist, when accepted. */
  plan: z.object({ partitions: z.number().int(), replicationFactor: z.number().int() }).nullable(),
})
export type CreateTopicCheck = z.infer<typeof createTopicCheck>

export const createdTopic = z.object({
  name: topicName,
  topicId: z.string().nullable(),
  partitions: z.number().int(),
  replicationFactor: z.number().int(),
})
export type CreatedTopic = z.infer<typeof createdTopic>

/** What deleting would cost, in figures, from the last complete round. */
export const topicDeletionPreview = z.object({
  name: z.string(),
  partitions: z.number().int(),
  records: z.number().nullable(),
  replicatedSizeBytes: z.number().nullable(),
  groups: z.array(z.object({ group: groupId, isActive: z.boolean(), lagRecords: z.number().nullable() })),
  recordsInPerSecond: z.number().nullable(),
  asOfMs: instantMs.nullable(),
})
export type TopicDeletionPreview = z.infer<typeof topicDeletionPreview>

export const deleteTopicInput = z.object({ confirmName: z.string() })
