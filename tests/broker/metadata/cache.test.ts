import { describe, expect, it } from 'vitest'
import { MetadataCache } from '../../../broker/metadata/cache.ts'
import { encodeMetadataRecord } from '../../../broker/metadata/records.ts'

const topicId = Buffer.alloc(16, 1).toString('base64url')
const orders = encodeMetadataRecord({ type: 'TopicRecord', name: 'orders', topicId })
const removal = encodeMetadataRecord({ type: 'RemoveTopicRecord', topicId })

describe('a metadata cache', () => {
  it('tells its listeners of a whole batch, in the order in which they were added', () => {
    const cache = new MetadataCache('c')
    const heard: string[] = []
    cache.onChange(({ topics }) => heard.push(`first ${[...topics]} ${cache.image.topics.size}`))
    cache.onChange(({ deletedTopics }) => heard.push(`second ${[...deletedTopics.values()]}`))
    cache.apply([orders], 1)
    cache.apply([removal], 2)
    expect(heard).toEqual(['first orders 1', 'second ', 'first  0', 'second orders'])
    expect(cache.offset).toBe(2)
  })

  it('becomes what a snapshot says, and tells what is no longer there', () => {
    const cache = new MetadataCache('c')
    const returns = Buffer.alloc(16, 2).toString('base64url')
    cache.apply([orders, registration(1, false)], 2)
    const { image } = cache
    const heard: unknown[] = []
    cache.onChange(({ topics, deletedTopics, brokers }) => heard.push([...topics], [...deletedTopics], [...brokers]))
    const topic = encodeMetadataRecord({ type: 'TopicRecord', name: 'returns', topicId: returns })
    cache.applySnapshot([topic, registration(2, false)], 50)
    expect(heard).toEqual([['returns'], [[topicId, 'orders']], [1, 2]])
    expect(cache.image).toBe(image)
    expect([[...image.topics.keys()], [...image.brokers.keys()], cache.offset]).toEqual([['returns'], [2], 50])
  })

  it('lets one wait for an offset, which a change of controller takes too', async () => {
    const cache = new MetadataCache('c')
    const reached = cache.waitForOffset(2, 10_000)
    cache.apply([orders], 1)
    cache.applyLeaderChange(3, 7, 2)
    expect(await reached).toBe(true)
    expect([cache.controllerId, cache.controllerEpoch]).toEqual([3, 7])
  })

  it('gives up waiting after the time given', async () => {
    expect(await new MetadataCache('c').waitUntil(() => false, 1)).toBe(false)
  })

  it('names a controller that clients can reach, for all of them are sent on', () => {
    const cache = new MetadataCache('c')
    expect(cache.reachableControllerId).toBe(-1)
    for (const brokerId of [1, 2]) cache.apply([registration(brokerId, brokerId === 1)], brokerId)
    cache.applyLeaderChange(1, 7, 3)
    expect(cache.reachableControllerId).toBe(2)
    cache.applyLeaderChange(2, 8, 4)
    expect(cache.reachableControllerId).toBe(2)
  })
})

function registration(brokerId: number, fenced: boolean): Buffer {
  return encodeMetadataRecord({
    type: 'RegisterBrokerRecord',
    brokerId,
    incarnationId: topicId,
    brokerEpoch: 5,
    endPoints: [{ name: 'PLAINTEXT', host: 'h', port: 9092, securityProtocol: 0 }],
    features: [],
    rack: null,
    fenced,
    inControlledShutdown: false,
    logDirs: [],
  })
}
