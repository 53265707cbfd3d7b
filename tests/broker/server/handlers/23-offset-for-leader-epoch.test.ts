import { expect, it } from 'vitest'
import { errorCodes } from '../../../../broker/protocol/errors.ts'
import { offsetForLeaderEpoch } from '../../../../broker/protocol/messages/23-offset-for-leader-epoch.ts'
import { produceTo } from '../../replication/replica-client.ts'
import { ReplicaCluster } from '../../replication/replica-cluster.ts'

it('tells where an epoch ends, and refuses epochs that are not the present one', async () => {
  const cluster = await ReplicaCluster.start(2, { 'broker.disconnect.grace.ms': '20' })
  await cluster.createTopic('orders', [[1, 2]])
  await produceTo(await cluster.broker(1).connect(), 'orders', ['a', 'b'])
  await cluster.kill(1)
  const leader = await cluster.leaderOf('orders')
  const epoch = leader.replicas.partition('orders', 0)?.leaderEpoch ?? -1
  const connection = await leader.connect()
  await produceTo(connection, 'orders', ['c'])
  const ask = async (leaderEpoch: number, currentLeaderEpoch = -1) => {
    const topics = [{ topic: 'orders', partitions: [{ partition: 0, leaderEpoch, currentLeaderEpoch }] }]
    const response = await connection.send(offsetForLeaderEpoch, 4, { replicaId: -1, topics }, { timeoutMs: 10_000 })
    return response.topics[0]?.partitions[0]
  }
  expect(await ask(0)).toMatchObject({ errorCode: errorCodes.NONE, leaderEpoch: 0, endOffset: 2 })
  expect(await ask(epoch)).toMatchObject({ errorCode: errorCodes.NONE, leaderEpoch: epoch, endOffset: 3 })
  expect(await ask(epoch + 1)).toMatchObject({ errorCode: errorCodes.NONE, leaderEpoch: -1, endOffset: -1 })
  expect((await ask(0, 0))?.errorCode).toBe(errorCodes.FENCED_LEADER_EPOCH)
  expect((await ask(0, epoch + 1))?.errorCode).toBe(errorCodes.UNKNOWN_LEADER_EPOCH)
})
