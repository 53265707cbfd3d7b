import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { offsetCommit } from '../../../../broker/protocol/messages/08-offset-commit.ts'
import { offsetFetch } from '../../../../broker/protocol/messages/09-offset-fetch.ts'
import { joinGroup } from '../../../../broker/protocol/messages/11-join-group.ts'
import { heartbeat } from '../../../../broker/protocol/messages/12-heartbeat.ts'
import { leaveGroup } from '../../../../broker/protocol/messages/13-leave-group.ts'
import { syncGroup } from '../../../../broker/protocol/messages/14-sync-group.ts'
import { describeGroups } from '../../../../broker/protocol/messages/15-describe-groups.ts'
import { listGroups } from '../../../../broker/protocol/messages/16-list-groups.ts'
import { deleteGroups } from '../../../../broker/protocol/messages/42-delete-groups.ts'
import { offsetDelete } from '../../../../broker/protocol/messages/47-offset-delete.ts'
import { consumerGroupHeartbeat } from '../../../../broker/protocol/messages/68-consumer-group-heartbeat.ts'
import { consumerGroupDescribe } from '../../../../broker/protocol/messages/69-consumer-group-describe.ts'
import type { Api } from '../../../../broker/protocol/schema.ts'
import type { Handler } from '../../../../broker/server/handler.ts'
import { offsetCommitHandler } from '../../../../broker/server/handlers/08-offset-commit.ts'
import { offsetFetchHandler } from '../../../../broker/server/handlers/09-offset-fetch.ts'
import { joinGroupHandler } from '../../../../broker/server/handlers/11-join-group.ts'
import { heartbeatHandler } from '../../../../broker/server/handlers/12-heartbeat.ts'
import { leaveGroupHandler } from '../../../../broker/server/handlers/13-leave-group.ts'
import { syncGroupHandler } from '../../../../broker/server/handlers/14-sync-group.ts'
import { describeGroupsHandler } from '../../../../broker/server/handlers/15-describe-groups.ts'
import { listGroupsHandler } from '../../../../broker/server/handlers/16-list-groups.ts'
import { deleteGroupsHandler } from '../../../../broker/server/handlers/42-delete-groups.ts'
import { offsetDeleteHandler } from '../../../../broker/server/handlers/47-offset-delete.ts'
import { consumerGroupHeartbeatHandler } from '../../../../broker/server/handlers/68-consumer-group-heartbeat.ts'
import { consumerGroupDescribeHandler } from '../../../../broker/server/handlers/69-consumer-group-describe.ts'
import type { Answers, Peer } from '../conversation.ts'
import { broker, GroupBroker, offsetsPartitions, offsetsTopic, topic, topicIdOf } from '../group-broker.ts'
import { converseOfConsumerGroups } from './consumer-conversation.ts'

/* The answers beside this file were given by Apache Kafka 4.3.1 in the same conversation, over its socket. */
const recorded = new URL('./apache-kafka-4.3.1.json', import.meta.url)

test('every step of a conversation about consumer groups is answered as Apache Kafka answers it', async () => {
  const expected: Answers = JSON.parse(await readFile(recorded, 'utf8'))
  const answers = await converseOfConsumerGroups(await openPeer())
  expect(Object.keys(answers)).toEqual(Object.keys(expected))
  for (const [step, answer] of Object.entries(answers)) expect.soft(answer, step).toEqual(expected[step])
})

async function openPeer(): Promise<Peer> {
  const directory = await mkdtemp(join(tmpdir(), 'eyrie-group-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  const opened = await GroupBroker.open(directory, { 'group.consumer.assignment.interval.ms': '0' })
  onTestFinished(() => opened.close())
  const ordersId = topicIdOf(2)
  const topics = [...topic(offsetsTopic, topicIdOf(1), offsetsPartitions), ...topic('orders', ordersId, 3)]
  await opened.start(broker(1), ...topics)
  const handlers = handlersOf(opened)
  const wait = async (ms: number) => {
    for (let passedMs = 0; passedMs < ms; passedMs += 10) opened.advance(10)
    await opened.written()
  }
  return {
    ordersId,
    ask: async (api, version, body) => {
      const handler = handlers.get(api)
      if (handler === undefined) throw new Error(`${api.name} is not part of the conversation`)
      return opened.ask(handler, api, version, body)
    },
    settle: async () => {
      await opened.written()
      await wait(10)
    },
    wait,
  }
}

function handlersOf({ groups }: GroupBroker): ReadonlyMap<Api, Handler> {
  return new Map<Api, Handler>([
    [offsetCommit, offsetCommitHandler(groups)],
    [offsetFetch, offsetFetchHandler(groups)],
    [joinGroup, joinGroupHandler(groups)],
    [heartbeat, heartbeatHandler(groups)],
    [leaveGroup, leaveGroupHandler(groups)],
    [syncGroup, syncGroupHandler(groups)],
    [describeGroups, describeGroupsHandler(groups)],
    [listGroups, listGroupsHandler(groups)],
    [deleteGroups, deleteGroupsHandler(groups)],
    [offsetDelete, offsetDeleteHandler(groups)],
    [consumerGroupHeartbeat, consumerGroupHeartbeatHandler(groups)],
    [consumerGroupDescribe, consumerGroupDescribeHandler(groups)],
  ])
}
