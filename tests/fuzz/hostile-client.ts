import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { apis } from '../../broker/protocol/apis.ts'
import { encode } from '../../broker/protocol/codec.ts'
import { encodeRequestHeader } from '../../broker/protocol/headers.ts'
import { produce } from '../../broker/protocol/messages/00-produce.ts'
import { unregisterBroker } from '../../broker/protocol/messages/64-unregister-broker.ts'
import { Writer } from '../../broker/protocol/writer.ts'
import { versionsOf } from '../broker/protocol/schemas.ts'
import { hostileBatch } from './hostile-batch.ts'
import { hostileBody } from './hostile-body.ts'
import type { Random } from './random.ts'

/** Whoever may take brokers away does so: that is no hostility of the request's. */
const sent = apis.filter(({ key }) => key !== unregisterBroker.key)

/** A request whose header is right: whatever is wrong with its body is its handler's trouble. */
export function hostileFrame(random: Random): Buffer {
  const api = random.oneIn(6) ? produce : random.pick(sent)
  const version = random.pick(versionsOf(api.request))
  const writer = new Writer()
  encodeRequestHeader({ apiKey: api.key, apiVersion: version, correlationId: random.next() | 0, clientId: 'h' }, writer)
  if (api === produce && random.oneIn(2)) encode(produce.request, version, produceBody(random), writer)
  else writer.raw(hostileBody(api.request, version, random, random.pick([0, 0, 0, 12, 40])))
  const size = Buffer.alloc(4)
  size.writeInt32BE(writer.byteLength)
  return Buffer.concat([size, writer.toBuffer()])
}

function produceBody(random: Random) {
  const index = random.below(2)
  const partitionData = [{ index, records: hostileBatch(random) }]
  const topicData = [{ name: random.pick(['plain', 'compacted', 'recompressed']), partitionData }]
  return { transactionalId: null, acks: random.pick([1, -1, 0, 7]), timeoutMs: random.pick([0, 1_000, -1]), topicData }
}

/** Sends frames one behind the other, waits for what comes until nothing does, and is gone. @returns bytes received. */
export async function attack(port: number, frames: readonly Buffer[], patienceMs: number): Promise<number> {
  const socket = connect(port, '127.0.0.1')
  let bytes = 0
  let heardAtMs = performance.now()
  socket.on('error', () => undefined)
  socket.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    heardAtMs = performance.now()
  })
  for (const frame of frames) socket.write(frame)
  while (!socket.destroyed && performance.now() - heardAtMs < patienceMs) await sleep(20)
  socket.destroy()
  return bytes
}
