import { describe, expect, it } from 'vitest'
import { heartbeat } from '../../../broker/protocol/messages/12-heartbeat.ts'
import { apiVersions } from '../../../broker/protocol/messages/18-api-versions.ts'
import { ProtocolError } from '../../../broker/protocol/protocol-error.ts'
import { anonymousAccess } from '../../../broker/security/access.ts'
import { Dispatcher } from '../../../broker/server/dispatcher.ts'
import { CloseConnection, handler, type RequestContext } from '../../../broker/server/handler.ts'

const access = anonymousAccess('127.0.0.1')
const connection = { id: 'client-1', clientHost: '127.0.0.1', listenerName: 'PLAINTEXT', access }

/** api 12 v0, correlation 7, client "c", group "g", generation 1, member "m". */
const heartbeatFrame = Buffer.from('000c0000000000070001630001670000000100016d', 'hex')

async function answerOf(dispatcher: Dispatcher, frame: Buffer): Promise<string | undefined> {
  const buffers = await dispatcher.dispatch(frame, connection)
  return buffers === undefined ? undefined : Buffer.concat(buffers).toString('hex')
}

describe('a dispatcher', () => {
  it('decodes for the handler and answers under the correlation id', async () => {
    const heard: unknown[] = []
    const dispatcher = new Dispatcher('client', [
      handler(heartbeat, (request, context) => {
        heard.push(request, context)
        return { errorCode: 27 }
      }),
    ])
    expect(await answerOf(dispatcher, heartbeatFrame)).toBe('0000000600000007001b')
    expect(heard[0]).toMatchObject({ groupId: 'g', generationId: 1, memberId: 'm' })
    expect(heard[1]).toEqual({
      apiVersion: 0,
      clientId: 'c',
      clientHost: '127.0.0.1',
      listener: 'client',
      listenerName: 'PLAINTEXT',
      principal: { type: 'User', name: 'ANONYMOUS' },
      access,
      connectionId: 'client-1',
    } satisfies RequestContext)
  })

  it('sends nothing where the handler has nothing to say', async () => {
    const dispatcher = new Dispatcher('client', [handler(heartbeat, async () => undefined)])
    expect(await answerOf(dispatcher, heartbeatFrame)).toBeUndefined()
  })

  it('closes on an api or a version that is not served, and on a body that is cut short', () => {
    const dispatcher = new Dispatcher('client', [handler(heartbeat, () => ({ errorCode: 0 }))])
    const unservedApi = Buffer.from('000b0000000000070001630000', 'hex')
    const unknownApi = Buffer.from('03e70000000000070001630000', 'hex')
    const unknownVersion = Buffer.from(heartbeatFrame)
    unknownVersion.writeInt16BE(99, 2)
    expect(() => dispatcher.dispatch(unservedApi, connection)).toThrow(CloseConnection)
    expect(() => dispatcher.dispatch(unknownApi, connection)).toThrow(ProtocolError)
    expect(() => dispatcher.dispatch(unknownVersion, connection)).toThrow(ProtocolError)
    expect(() => dispatcher.dispatch(heartbeatFrame.subarray(0, 16), connection)).toThrow(ProtocolError)
  })

  it('tells a client of the future in version 0 which ApiVersions it may ask', async () => {
    const dispatcher = new Dispatcher('client', [handler(apiVersions, () => ({ errorCode: 0, apiKeys: [] }))])
    // api 18 v99, correlation 9, client "c", then what no one knows.
    const frame = Buffer.from('001200630000000900016300ff', 'hex')
    // UNSUPPORTED_VERSION, one api: 18 from 0 to 4.
    expect(await answerOf(dispatcher, frame)).toBe('0000001000000009002300000001001200000004')
  })

  it('lists what it serves in the order of the keys', () => {
    const dispatcher = new Dispatcher('client', [handler(apiVersions, () => undefined)])
    dispatcher.register([handler(heartbeat, () => undefined)])
    expect(dispatcher.apis.map(({ key }) => key)).toEqual([12, 18])
  })
})
