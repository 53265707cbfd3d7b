import { join } from 'node:path'
import type { FileSystem } from './file-system.ts'

const fileName = '.kafka_cleanshutdown'

export interface CleanShutdown {
  /** -1 when the broker had none. */
  brokerEpoch: number
}

/** Only after every log is closed, and whole. */
export function markCleanShutdown(
  fileSystem: FileSystem,
  directory: string,
  { brokerEpoch }: CleanShutdown,
): Promise<void> {
  return fileSystem.replaceFile(join(directory, fileName), JSON.stringify({ version: 0, brokerEpoch }))
}

/** Removes the marker before anything is written, since from then on only a new one is true. */
export async function takeCleanShutdown(fileSystem: FileSystem, directory: string): Promise<CleanShutdown | undefined> {
  const path = join(directory, fileName)
  const marker = await fileSystem.readFile(path)
  if (marker === undefined) return undefined
  await fileSystem.remove(path)
  await fileSystem.syncDirectory(directory)
  const epoch = /"brokerEpoch":\s*(-?\d+)/.exec(marker.toString('utf8'))?.[1]
  return { brokerEpoch: epoch === undefined ? -1 : Number(epoch) }
}
