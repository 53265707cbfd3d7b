import type { FileSystem } from './file-system.ts'

/**
 * Kafka's checkpoint files: a version (0), the number of entries, one entry a line, which `pattern` describes.
 * @returns the groups of the pattern for each; undefined when the file is missing or was damaged.
 */
export async function readCheckpointFile(
  fileSystem: FileSystem,
  path: string,
  pattern: RegExp,
): Promise<string[][] | undefined> {
  const lines = (await fileSystem.readFile(path))?.toString('utf8').split('\n')
  if (lines === undefined || lines[0] !== '0') return undefined
  const count = Number(lines[1])
  const entries = lines.slice(2).filter((line) => line !== '')
  const matches = entries.map((line) => pattern.exec(line)?.slice(1)).filter((match) => match !== undefined)
  return matches.length === entries.length && entries.length === count ? matches : undefined
}

export async function writeCheckpointFile(
  fileSystem: FileSystem,
  path: string,
  entries: readonly (readonly (string | number)[])[],
  options?: { isSynced?: boolean },
): Promise<void> {
  const lines = ['0', String(entries.length), ...entries.map((entry) => entry.join(' '))]
  await fileSystem.replaceFile(path, `${lines.join('\n')}\n`, options)
}
