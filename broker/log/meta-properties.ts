import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { FileSystem } from './file-system.ts'

const fileName = 'meta.properties'

export interface MetaProperties {
  clusterId: string
  nodeId: number
  directoryId: string
}

/**
 * Says whose log directory this is; makes it ours when it is nobody's.
 * @throws Error when it belongs to another broker or cluster.
 */
export async function claimDirectory(
  fileSystem: FileSystem,
  directory: string,
  owner: { clusterId: string; nodeId: number },
): Promise<MetaProperties> {
  const path = join(directory, fileName)
  const known = parseProperties((await fileSystem.readFile(path))?.toString('utf8') ?? '')
  requireOwner(directory, 'cluster.id', known.get('cluster.id'), owner.clusterId)
  requireOwner(directory, 'node.id', known.get('node.id'), String(owner.nodeId))
  const directoryId = known.get('directory.id') ?? newDirectoryId()
  if (!known.has('directory.id')) {
    const lines = [
      '#',
      `cluster.id=${owner.clusterId}`,
      'version=1',
      `directory.id=${directoryId}`,
      `node.id=${owner.nodeId}`,
    ]
    await fileSystem.replaceFile(path, `${lines.join('\n')}\n`)
  }
  return { ...owner, directoryId }
}

function parseProperties(text: string): Map<string, string> {
  const properties = new Map<string, string>()
  for (const line of text.split('\n')) {
    const equals = line.indexOf('=')
    if (line.startsWith('#') || equals < 0) continue
    properties.set(line.slice(0, equals).trim(), line.slice(equals + 1).trim())
  }
  return properties
}

function requireOwner(directory: string, name: string, found: string | undefined, ours: string): void {
  if (found === undefined || found === ours) return
  throw new Error(`The log directory ${directory} belongs to another broker: its ${name} is ${found}, ours is ${ours}`)
}

/** A uuid as Kafka writes it. */
function newDirectoryId(): string {
  return Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64url')
}
