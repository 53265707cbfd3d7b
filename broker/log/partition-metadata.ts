import { join } from 'node:path'
import type { FileSystem } from './file-system.ts'

const fileName = 'partition.metadata'

/** The id of the topic whose records a folder holds, so that a topic created anew under an old name is told apart. */
export async function readTopicId(fileSystem: FileSystem, directory: string): Promise<string | undefined> {
  const text = (await fileSystem.readFile(join(directory, fileName)))?.toString('utf8') ?? ''
  return /^topic_id: *(\S+)$/m.exec(text)?.[1]
}

/** Neither synced nor replaced in one go: a log that lost it is given it again. */
export async function writeTopicId(fileSystem: FileSystem, directory: string, topicId: string): Promise<void> {
  await fileSystem.writeFile(join(directory, fileName), `version: 0\ntopic_id: ${topicId}`)
}
