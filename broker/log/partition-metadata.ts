import { join } from 'node:path'
import type { FileSystem } from './file-system.ts'

const fileName = 'partition.metadata'

/** The id of the topic whose records a folder holds, so that a topic created anew under an old name is told apart. */
export async function readTopicId(fileSystem: FileSystem, directory: string): Promise<string | undefined> {
  const text = (await fileSystem.readFile(join(directory, fileName)))?.toString('utf8') ?? ''
  // A cut one is none: it would be taken for another topic's, and the records for those of a deleted one.
  return /^topic_id: *([\w-]{22})$/m.exec(text)?.[1]
}

/** Synced, since records without it would be given to the next topic of the same name. */
export async function writeTopicId(fileSystem: FileSystem, directory: string, topicId: string): Promise<void> {
  await fileSystem.replaceFile(join(directory, fileName), `version: 0\ntopic_id: ${topicId}`)
}
