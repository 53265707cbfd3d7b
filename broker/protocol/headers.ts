import { apiKeys } from './api-keys.ts'
import { findApi } from './apis.ts'
import { ProtocolError } from './protocol-error.ts'
import type { Reader } from './reader.ts'
import { includesVersion } from './version-range.ts'
import type { Writer } from './writer.ts'

export interface RequestHeader {
  apiKey: number
  apiVersion: number
  correlationId: number
  clientId: string | null
}

/** 1, or 2 with tagged fields. Version 0 belonged to ControlledShutdown v0 alone, which is gone with ZooKeeper. */
export function requestHeaderVersion(apiKey: number, apiVersion: number): 1 | 2 {
  return isFlexible(apiKey, apiVersion) ? 2 : 1
}

/** 0, or 1 with tagged fields. ApiVersions is always answered with 0, so that any client can read it (KIP-511). */
export function responseHeaderVersion(apiKey: number, apiVersion: number): 0 | 1 {
  return apiKey !== apiKeys.apiVersions && isFlexible(apiKey, apiVersion) ? 1 : 0
}

/** The version of a known api may be any number: an ApiVersions request of the future is read too (KIP-511). */
export function decodeRequestHeader(reader: Reader): RequestHeader {
  const apiKey = reader.int16()
  const apiVersion = reader.int16()
  const correlationId = reader.int32()
  // In version 2 as well the client id is a classic string, so that a broker can read it before it knows the version.
  const clientId = reader.nullableString()
  if (requestHeaderVersion(apiKey, apiVersion) === 2) reader.skipTaggedFields()
  return { apiKey, apiVersion, correlationId, clientId }
}

export function encodeRequestHeader(header: RequestHeader, writer: Writer): void {
  writer.int16(header.apiKey)
  writer.int16(header.apiVersion)
  writer.int32(header.correlationId)
  writer.nullableString(header.clientId)
  if (requestHeaderVersion(header.apiKey, header.apiVersion) === 2) writer.unsignedVarint(0)
}

/** Returns the correlation id. Which request it answers decides the header's version, so the caller looks that up first. */
export function decodeResponseHeader(headerVersion: 0 | 1, reader: Reader): number {
  const correlationId = reader.int32()
  if (headerVersion === 1) reader.skipTaggedFields()
  return correlationId
}

export function encodeResponseHeader(headerVersion: 0 | 1, correlationId: number, writer: Writer): void {
  writer.int32(correlationId)
  if (headerVersion === 1) writer.unsignedVarint(0)
}

function isFlexible(apiKey: number, apiVersion: number): boolean {
  const api = findApi(apiKey)
  if (api === undefined) throw new ProtocolError(`Unknown api key ${apiKey}`)
  return includesVersion(api.flexible, apiVersion)
}
