import { readdirSync } from 'node:fs'
import { apis } from '../../../broker/protocol/apis.ts'
import type { Schema, Structure } from '../../../broker/protocol/schema.ts'

const structuresFolder = new URL('../../../broker/protocol/structures/', import.meta.url)

/** Every structure that a file of broker/protocol/structures exports. */
export const structures: readonly Structure[] = (
  await Promise.all(readdirSync(structuresFolder).map((file) => import(new URL(file, structuresFolder).href)))
).flatMap((module: Record<string, Structure>) => Object.values(module))

/** Every schema there is under the name of its official definition. */
export const schemas: ReadonlyMap<string, Schema> = new Map<string, Schema>([
  ...apis.flatMap((api): [string, Schema][] => [
    [`${api.name}Request`, api.request],
    [`${api.name}Response`, api.response],
  ]),
  ...structures.map((structure): [string, Schema] => [structure.name, structure]),
])

export function versionsOf(schema: Schema): number[] {
  const { min, max } = schema.versions
  return Array.from({ length: max - min + 1 }, (_, i) => min + i)
}
