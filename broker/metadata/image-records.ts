import { scramMechanisms } from '../security/scram.ts'
import { parseConfigKey } from './config-resource.ts'
import type { MetadataImage } from './image.ts'
import type { PartitionImage } from './partition-image.ts'
import type { MetadataRecordBody } from './records.ts'
import type { TopicImage } from './topic-image.ts'

/** An image at one moment, as the records that add up to it. The image may change while it is read. */
export interface ImageRecords {
  /** All but topics: there are few. */
  readonly others: readonly MetadataRecordBody[]
  readonly topics: readonly TopicImage[]
}

export function recordsOfImage(image: MetadataImage): ImageRecords {
  return {
    others: [
      ...featureRecords(image),
      ...brokerRecords(image),
      ...configRecords(image),
      ...producerIdRecords(image),
      ...aclRecords(image),
      ...scramRecords(image),
      ...quotaRecords(image),
    ],
    topics: [...image.topics.values()],
  }
}

export function recordsOfTopic({ id, name, partitions }: TopicImage): MetadataRecordBody[] {
  return [
    { type: 'TopicRecord', name, topicId: id },
    ...partitions.map((partition, partitionId) => partitionRecord(id, partitionId, partition)),
  ]
}

/** The fields of the image are named as those of the record. */
function partitionRecord(topicId: string, partitionId: number, partition: PartitionImage): MetadataRecordBody {
  return { type: 'PartitionRecord', topicId, partitionId, ...partition }
}

/** A feature that was taken back is remembered at level 0: it is not given again by itself. */
function featureRecords(image: MetadataImage): MetadataRecordBody[] {
  return [...image.features].map(([name, featureLevel]) => ({ type: 'FeatureLevelRecord', name, featureLevel }))
}

function brokerRecords(image: MetadataImage): MetadataRecordBody[] {
  return [...image.brokers.values()].map(({ registration, isFenced, isShuttingDown }) => ({
    ...registration,
    fenced: isFenced,
    inControlledShutdown: isShuttingDown,
  }))
}

function configRecords(image: MetadataImage): MetadataRecordBody[] {
  return [...image.configs].flatMap(([key, configs]) => {
    const [resourceType, resourceName] = parseConfigKey(key)
    return [...configs].map(
      ([name, value]): MetadataRecordBody => ({ type: 'ConfigRecord', resourceType, resourceName, name, value }),
    )
  })
}

function producerIdRecords({ nextProducerId }: MetadataImage): MetadataRecordBody[] {
  if (nextProducerId === 0) return []
  return [{ type: 'ProducerIdsRecord', brokerId: -1, brokerEpoch: -1, nextProducerId }]
}

function aclRecords({ acls }: MetadataImage): MetadataRecordBody[] {
  return [...acls.entries].map((entry) => ({ type: 'AccessControlEntryRecord', ...entry }))
}

function scramRecords({ scramCredentials }: MetadataImage): MetadataRecordBody[] {
  return [...scramCredentials.users].flatMap(([name, credentials]) => {
    return [...credentials].map(([mechanism, credential]): MetadataRecordBody => {
      return { type: 'UserScramCredentialRecord', name, mechanism: scramMechanisms[mechanism].code, ...credential }
    })
  })
}

function quotaRecords({ clientQuotas }: MetadataImage): MetadataRecordBody[] {
  return [...clientQuotas.entries].flatMap(({ entity: names, values }) => {
    const entity = [...names].map(([entityType, entityName]) => ({ entityType, entityName }))
    return [...values].map(
      ([key, value]): MetadataRecordBody => ({ type: 'ClientQuotaRecord', entity, key, value, remove: false }),
    )
  })
}
