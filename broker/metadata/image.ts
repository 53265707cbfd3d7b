import assert from 'node:assert'
import type { BrokerRegistrationChangeRecord } from '../protocol/structures/broker-registration-change-record.ts'
import type { PartitionChangeRecord } from '../protocol/structures/partition-change-record.ts'
import { AclTable } from '../security/acl-table.ts'
import { ClientQuotaTable } from '../security/client-quota-table.ts'
import { ScramCredentialTable } from '../security/scram-credential-table.ts'
import type { BrokerImage } from './broker-image.ts'
import { configKey, configResource } from './config-resource.ts'
import type { MetadataDelta } from './metadata-delta.ts'
import { changedPartition, createdPartition, type PartitionImage, withSharedIds } from './partition-image.ts'
import type { MetadataRecord } from './records.ts'
import { SharedIds } from './shared-ids.ts'
import type { TopicImage } from './topic-image.ts'

const noConfigs: ReadonlyMap<string, string> = new Map()

/**
 * The cluster's state: what the records of the metadata log add up to. Entries are replaced, never changed in place, so
 * that a reader may hold one. Only the controller (its own image) and MetadataCache (its broker's) apply records.
 */
export class MetadataImage {
  readonly clusterId: string
  readonly acls = new AclTable()
  readonly scramCredentials = new ScramCredentialTable()
  readonly clientQuotas = new ClientQuotaTable()
  readonly #brokers = new Map<number, BrokerImage>()
  readonly #topics = new Map<string, TopicImage>()
  readonly #topicsById = new Map<string, TopicImage>()
  readonly #configs = new Map<string, Map<string, string>>()
  readonly #features = new Map<string, number>()
  readonly #ids = new SharedIds()
  #nextProducerId = 0

  constructor(clusterId: string) {
    this.clusterId = clusterId
  }

  get brokers(): ReadonlyMap<number, BrokerImage> {
    return this.#brokers
  }

  get topics(): ReadonlyMap<string, TopicImage> {
    return this.#topics
  }

  get topicsById(): ReadonlyMap<string, TopicImage> {
    return this.#topicsById
  }

  get configs(): ReadonlyMap<string, ReadonlyMap<string, string>> {
    return this.#configs
  }

  get features(): ReadonlyMap<string, number> {
    return this.#features
  }

  get nextProducerId(): number {
    return this.#nextProducerId
  }

  /** A topic's own configs, not those it inherits. */
  topicConfigs(topic: string): ReadonlyMap<string, string> {
    return this.#configs.get(configKey(configResource.topic, topic)) ?? noConfigs
  }

  /** The names of those resources of a type that set anything. */
  listConfigured(resourceType: number): string[] {
    const prefix = configKey(resourceType, '')
    return [...this.#configs.keys()].filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length))
  }

  /** What a group sets for itself. */
  groupConfigs(group: string): ReadonlyMap<string, string> {
    return this.#configs.get(configKey(configResource.group, group)) ?? noConfigs
  }

  /** One broker's dynamic configs; an empty name gives the cluster-wide defaults. */
  brokerConfigs(broker: number | ''): ReadonlyMap<string, string> {
    return this.#configs.get(configKey(configResource.broker, String(broker))) ?? noConfigs
  }

  /** Clients see it; a broker that is about to stop is still unfenced. */
  isUnfenced(broker: number): boolean {
    const registration = this.#brokers.get(broker)
    return registration !== undefined && !registration.isFenced
  }

  apply(record: MetadataRecord, delta: MetadataDelta): void {
    switch (record.type) {
      case 'RegisterBrokerRecord':
        this.#registerBroker(record, delta)
        return
      case 'UnregisterBrokerRecord':
        this.#brokers.delete(record.brokerId)
        delta.brokers.add(record.brokerId)
        return
      case 'BrokerRegistrationChangeRecord':
        this.#changeBroker(record, delta)
        return
      case 'FenceBrokerRecord':
        this.#replaceBroker(record.id, { isFenced: true }, delta)
        return
      case 'UnfenceBrokerRecord':
        this.#replaceBroker(record.id, { isFenced: false }, delta)
        return
      case 'TopicRecord':
        this.#putTopic({ id: record.topicId, name: record.name, partitions: [] }, delta)
        return
      case 'RemoveTopicRecord':
        this.#removeTopic(record.topicId, delta)
        return
      case 'PartitionRecord':
        this.#putPartition(record.topicId, record.partitionId, createdPartition(record), delta)
        return
      case 'PartitionChangeRecord':
        this.#changePartition(record, delta)
        return
      case 'ConfigRecord':
        this.#putConfig(configKey(record.resourceType, record.resourceName), record.name, record.value, delta)
        return
      case 'ProducerIdsRecord':
        this.#nextProducerId = record.nextProducerId
        return
      case 'FeatureLevelRecord':
        this.#features.set(record.name, record.featureLevel)
        return
      case 'AccessControlEntryRecord':
        this.acls.put(record)
        return
      case 'RemoveAccessControlEntryRecord':
        this.acls.remove(record.id)
        return
      case 'UserScramCredentialRecord':
        this.scramCredentials.put(record)
        return
      case 'RemoveUserScramCredentialRecord':
        this.scramCredentials.remove(record.name, record.mechanism)
        return
      case 'ClientQuotaRecord':
        this.clientQuotas.apply(record)
        return
      case 'NoOpRecord':
        return
      default:
        assertNever(record)
    }
  }

  /** Becomes what another image is: a broker that was away for long has no log to follow, but a snapshot. */
  replaceWith(other: MetadataImage, delta: MetadataDelta): void {
    for (const id of [...this.#brokers.keys(), ...other.#brokers.keys()]) delta.brokers.add(id)
    for (const key of [...this.#configs.keys(), ...other.#configs.keys()]) delta.configs.add(key)
    for (const name of other.#topics.keys()) delta.topics.add(name)
    for (const [id, { name }] of this.#topicsById) if (!other.#topicsById.has(id)) delta.deletedTopics.set(id, name)
    replaceEntries(this.#brokers, other.#brokers)
    replaceEntries(this.#topics, other.#topics)
    replaceEntries(this.#topicsById, other.#topicsById)
    replaceEntries(this.#configs, other.#configs)
    replaceEntries(this.#features, other.#features)
    this.#nextProducerId = other.#nextProducerId
    this.acls.replaceWith(other.acls)
    this.scramCredentials.replaceWith(other.scramCredentials)
    this.clientQuotas.replaceWith(other.clientQuotas)
  }

  #registerBroker(record: BrokerImage['registration'], delta: MetadataDelta): void {
    const [endPoint] = record.endPoints
    assert(endPoint !== undefined, `Broker ${record.brokerId} registered without an endpoint`)
    this.#brokers.set(record.brokerId, {
      id: record.brokerId,
      epoch: record.brokerEpoch,
      incarnationId: record.incarnationId,
      host: endPoint.host,
      port: endPoint.port,
      rack: record.rack,
      isFenced: record.fenced,
      isShuttingDown: record.inControlledShutdown,
      registration: { ...record, fenced: true, inControlledShutdown: false },
    })
    delta.brokers.add(record.brokerId)
  }

  /** In this record 0 means unchanged, 1 set and -1 cleared. */
  #changeBroker(record: BrokerRegistrationChangeRecord, delta: MetadataDelta): void {
    const change: { isFenced?: boolean; isShuttingDown?: boolean } = {}
    if (record.fenced !== 0) change.isFenced = record.fenced > 0
    if (record.inControlledShutdown !== 0) change.isShuttingDown = record.inControlledShutdown > 0
    this.#replaceBroker(record.brokerId, change, delta)
  }

  #replaceBroker(id: number, change: Partial<BrokerImage>, delta: MetadataDelta): void {
    const broker = this.#brokers.get(id)
    assert(broker !== undefined, `Broker ${id} changed before it registered`)
    this.#brokers.set(id, { ...broker, ...change })
    delta.brokers.add(id)
  }

  #putTopic(topic: TopicImage, delta: MetadataDelta): void {
    this.#topics.set(topic.name, topic)
    this.#topicsById.set(topic.id, topic)
    delta.topics.add(topic.name)
  }

  #removeTopic(topicId: string, delta: MetadataDelta): void {
    const topic = this.#requireTopic(topicId)
    this.#topics.delete(topic.name)
    this.#topicsById.delete(topicId)
    const key = configKey(configResource.topic, topic.name)
    if (this.#configs.delete(key)) delta.configs.add(key)
    delta.topics.delete(topic.name)
    delta.deletedTopics.set(topicId, topic.name)
  }

  #putPartition(topicId: string, partition: number, image: PartitionImage, delta: MetadataDelta): void {
    const topic = this.#requireTopic(topicId)
    assert(partition <= topic.partitions.length, `Partition ${topic.name}-${partition} leaves a hole`)
    const partitions = delta.partitionsOf(topic)
    partitions[partition] = withSharedIds(image, this.#ids)
    if (partitions !== topic.partitions) this.#putTopic({ ...topic, partitions }, delta)
  }

  #changePartition(record: PartitionChangeRecord, delta: MetadataDelta): void {
    const topic = this.#requireTopic(record.topicId)
    const partition = topic.partitions[record.partitionId]
    assert(partition !== undefined, `Partition ${topic.name}-${record.partitionId} changed before it was created`)
    this.#putPartition(record.topicId, record.partitionId, changedPartition(partition, record), delta)
  }

  #putConfig(key: string, name: string, value: string | null, delta: MetadataDelta): void {
    const configs = new Map(this.#configs.get(key))
    if (value === null) configs.delete(name)
    else configs.set(name, value)
    if (configs.size === 0) this.#configs.delete(key)
    else this.#configs.set(key, configs)
    delta.configs.add(key)
  }

  #requireTopic(topicId: string): TopicImage {
    const topic = this.#topicsById.get(topicId)
    assert(topic !== undefined, `Topic ${topicId} changed before it was created`)
    return topic
  }
}

function replaceEntries<Key, Value>(entries: Map<Key, Value>, by: ReadonlyMap<Key, Value>): void {
  entries.clear()
  for (const [key, value] of by) entries.set(key, value)
}

function assertNever(record: never): never {
  throw new Error(`Unhandled metadata record ${JSON.stringify(record)}`)
}
