import type { ProducerState } from '../../log/producer-states.ts'
import { errorCodes, KafkaError } from '../../protocol/errors.ts'
import { describeProducers } from '../../protocol/messages/61-describe-producers.ts'
import { noSequence } from '../../record/record-batch.ts'
import type { ReplicaManager } from '../../replication/replica-manager.ts'
import type { Access } from '../../security/access.ts'
import { handler } from '../handler.ts'

/* Version 0. Only a partition's leader answers; what a producer wrote last is forgotten after producer.id.expiration.ms. */
export const describeProducersHandler = (replicas: ReplicaManager) =>
  handler(describeProducers, ({ topics }, { access }) => ({
    throttleTimeMs: 0,
    topics: topics.map(({ name, partitionIndexes }) => ({
      name,
      partitions: partitionIndexes.map((partitionIndex) => describePartition(replicas, name, partitionIndex, access)),
    })),
  }))

function describePartition(replicas: ReplicaManager, topic: string, partitionIndex: number, access: Access) {
  try {
    access.require('read', 'topic', topic)
    const partition = replicas.requirePartition(topic, partitionIndex)
    const errorCode = partition.checkLeader(-1)
    if (errorCode !== errorCodes.NONE) throw new KafkaError(errorCode)
    const activeProducers = partition.log.producers.list().map(describeProducer)
    return { partitionIndex, errorCode: errorCodes.NONE, activeProducers }
  } catch (error) {
    if (!(error instanceof KafkaError)) throw error
    return { partitionIndex, errorCode: error.code, errorMessage: error.message, activeProducers: [] }
  }
}

function describeProducer(producer: ProducerState) {
  return {
    producerId: producer.producerId,
    producerEpoch: producer.epoch,
    lastSequence: producer.batches.at(-1)?.lastSequence ?? noSequence,
    lastTimestamp: producer.lastTimestampMs,
    coordinatorEpoch: producer.coordinatorEpoch,
    currentTxnStartOffset: producer.currentTransactionFirstOffset,
  }
}
