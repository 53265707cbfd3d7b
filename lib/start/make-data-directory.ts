import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { access, mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { StartError } from './start-error.ts'

/** Throws `StartError` when nothing can be kept there. */
export async function makeDataDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true })
    await access(directory, constants.W_OK | constants.X_OK)
    const probe = path.join(directory, '.writable')
    await writeFile(probe, randomBytes(4096))
    await rm(probe)
  } catch (cause) {
    throw new StartError(`The data folder ${directory} cannot be written: ${reasonOf(cause)}.`, { cause })
  }
}

function reasonOf(cause: unknown): string {
  const code = cause instanceof Error ? Reflect.get(cause, 'code') : undefined
  switch (code) {
    case 'ENOSPC':
      return 'the disk is full'
    case 'EROFS':
      return 'the file system is read-only'
    case 'EACCES':
    case 'EPERM':
      return 'this user may not write there'
    case 'ENOTDIR':
    case 'EEXIST':
      return 'it is not a folder'
    default:
      return cause instanceof Error ? cause.message : String(cause)
  }
}
