import { expect, test } from 'vitest'
import { apiKeys } from '../../../broker/protocol/api-keys.ts'
import { apis, findApi } from '../../../broker/protocol/apis.ts'
import {
  decodeRequestHeader,
  decodeResponseHeader,
  encodeRequestHeader,
  encodeResponseHeader,
  requestHeaderVersion,
  responseHeaderVersion,
} from '../../../broker/protocol/headers.ts'
import { ProtocolError } from '../../../broker/protocol/protocol-error.ts'
import { Reader } from '../../../broker/protocol/reader.ts'
import { Writer } from '../../../broker/protocol/writer.ts'

test('flexible versions have tagged fields in their headers', () => {
  expect(requestHeaderVersion(apiKeys.produce, 8)).toBe(1)
  expect(requestHeaderVersion(apiKeys.produce, 9)).toBe(2)
  expect(responseHeaderVersion(apiKeys.produce, 8)).toBe(0)
  expect(responseHeaderVersion(apiKeys.produce, 9)).toBe(1)
})

test('SaslHandshake is never flexible', () => {
  expect(requestHeaderVersion(apiKeys.saslHandshake, 1)).toBe(1)
  expect(responseHeaderVersion(apiKeys.saslHandshake, 1)).toBe(0)
})

test('ApiVersions is answered with header version 0, also in versions that we do not know', () => {
  for (const version of [0, 3, 4, 99]) expect(responseHeaderVersion(apiKeys.apiVersions, version)).toBe(0)
  expect(requestHeaderVersion(apiKeys.apiVersions, 99)).toBe(2)
})

test('the client id is a classic string in the flexible header too', () => {
  const writer = new Writer()
  encodeRequestHeader({ apiKey: 18, apiVersion: 3, correlationId: 7, clientId: 'eyrie' }, writer)
  expect(writer.toBuffer().toString('hex')).toBe('001200030000000700056579726965' + '00')
})

test('request headers read as they were written', () => {
  for (const apiVersion of [4, 11, 12, 18]) {
    for (const clientId of ['c', '', null]) {
      const header = { apiKey: apiKeys.fetch, apiVersion, correlationId: -5, clientId }
      const writer = new Writer()
      encodeRequestHeader(header, writer)
      const reader = new Reader(writer.toBuffer())
      expect(decodeRequestHeader(reader)).toEqual(header)
      expect(reader.remaining).toBe(0)
    }
  }
})

test('a request for an api that is not declared is refused', () => {
  expect(() => decodeRequestHeader(new Reader(Buffer.from('03e7000000000001ffff', 'hex')))).toThrow(ProtocolError)
  expect(() => decodeRequestHeader(new Reader(Buffer.from('ffff000000000001ffff', 'hex')))).toThrow(ProtocolError)
})

test('response headers read as they were written', () => {
  for (const version of [0, 1] as const) {
    const writer = new Writer()
    encodeResponseHeader(version, 42, writer)
    expect(writer.byteLength).toBe(4 + version)
    expect(decodeResponseHeader(version, new Reader(writer.toBuffer()))).toBe(42)
  }
})

test('every api is found by the key it is listed under', () => {
  expect(apis.map((api) => api.key)).toEqual(Object.values(apiKeys))
  for (const api of apis) {
    expect(findApi(api.key)).toBe(api)
    const listedName = api.name.charAt(0).toLowerCase() + api.name.slice(1)
    expect(Object.entries(apiKeys)).toContainEqual([listedName, api.key])
  }
  expect(findApi(4)).toBeUndefined()
})
