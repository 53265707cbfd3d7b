import { join } from 'node:path'
import type { FileSystem } from '../file-system.ts'
import { scanBatches } from '../scan-batches.ts'
import { cleanedSuffix, parseSegmentFileName, segmentFileName, segmentSuffixes, swapSuffix } from '../segment-files.ts'

const { log, index, timeIndex, transactionIndex } = segmentSuffixes

/** The files of a segment that go with its content; its producer snapshot tells of what was before it. */
const contentSuffixes = [log, index, timeIndex, transactionIndex]

/**
 * Brings to an end what a crash left of cleaning, given the names in a log's folder. A log under `.swap` is whole and
 * synced: what it was made from begins at or behind its first offset and ends where its last batch does, which cleaning
 * always keeps for this; such files go, and it takes their place. Its transaction index became `.swap` before it did and
 * loses the suffix after it. @returns whether there was anything to do.
 */
export async function completeSwaps(
  fileSystem: FileSystem,
  directory: string,
  names: readonly string[],
): Promise<boolean> {
  const swaps = names.filter((name) => name.endsWith(swapSuffix))
  for (const name of swaps) {
    const baseOffset = parseSegmentFileName(name, log + swapSuffix)
    if (baseOffset !== undefined) await replaceSources(fileSystem, directory, baseOffset)
  }
  for (const name of swaps) {
    const baseOffset = parseSegmentFileName(name, transactionIndex + swapSuffix)
    if (baseOffset === undefined) continue
    const isUncommitted = names.includes(segmentFileName(baseOffset, log + cleanedSuffix))
    if (isUncommitted) await fileSystem.remove(join(directory, name))
    else await fileSystem.rename(join(directory, name), join(directory, segmentFileName(baseOffset, transactionIndex)))
  }
  if (swaps.length > 0) await fileSystem.syncDirectory(directory)
  return swaps.length > 0
}

async function replaceSources(fileSystem: FileSystem, directory: string, baseOffset: number): Promise<void> {
  const path = join(directory, segmentFileName(baseOffset, log))
  const endOffset = await findEndOffset(fileSystem, `${path}${swapSuffix}`, baseOffset)
  for (const name of await fileSystem.list(directory)) {
    for (const suffix of contentSuffixes) {
      const offset = parseSegmentFileName(name, suffix)
      const isReplaced = offset !== undefined && offset >= baseOffset && offset < endOffset
      if (isReplaced) await fileSystem.remove(join(directory, name))
    }
  }
  await fileSystem.rename(`${path}${swapSuffix}`, path)
}

async function findEndOffset(fileSystem: FileSystem, path: string, baseOffset: number): Promise<number> {
  let endOffset = baseOffset + 1
  const file = fileSystem.file(path)
  try {
    await scanBatches(file, { from: 0, to: await file.size() }, (batch) => {
      endOffset = batch.nextOffset
      return true
    })
  } finally {
    await file.close()
  }
  return endOffset
}
