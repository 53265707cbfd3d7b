import { decode } from '../protocol/codec.ts'
import { ProtocolError } from '../protocol/protocol-error.ts'
import { Reader } from '../protocol/reader.ts'
import { consumerProtocolSubscription } from '../protocol/structures/consumer-protocol.ts'

export const consumerProtocolType = 'consumer'

/**
 * The topics that consumers say they read. `undefined` when it is not in the consumer protocol's format: any client may
 * call its protocol type "consumer" and send bytes of its own.
 */
export function subscribedTopics(subscriptions: Iterable<Buffer>): Set<string> | undefined {
  const topics = new Set<string>()
  try {
    for (const subscription of subscriptions) {
      const reader = new Reader(subscription)
      reader.int16()
      // Version 0 is the prefix of all versions, future ones included.
      for (const topic of decode(consumerProtocolSubscription, 0, reader).topics) topics.add(topic)
    }
  } catch (error) {
    if (error instanceof ProtocolError) return undefined
    throw error
  }
  return topics
}
