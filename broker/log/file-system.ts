/**
 * All that the log asks of a disk, so that tests can put one underneath that fails or tears a write. Paths are absolute;
 * errors are Node's, with their `code`.
 */
export interface FileSystem {
  /** A handle that opens its file on first use and may lose its descriptor while idle. Nothing is touched yet. */
  file(path: string): LogFile
  makeDirectory(path: string): Promise<void>
  /** Names only. */
  list(directory: string): Promise<string[]>
  exists(path: string): Promise<boolean>
  sizeOf(path: string): Promise<number | undefined>
  /** When the content was written last, in milliseconds since 1970. */
  modifiedMs(path: string): Promise<number | undefined>
  readFile(path: string): Promise<Buffer | undefined>
  writeFile(path: string, bytes: Buffer | string): Promise<void>
  /**
   * Like writeFile, but a crash leaves either the old content or the new: temporary file, sync, rename. Without the sync
   * that holds for a killed process, not for a loss of power, which may leave an empty file.
   */
  replaceFile(path: string, bytes: Buffer | string, options?: { isSynced?: boolean }): Promise<void>
  rename(from: string, to: string): Promise<void>
  /** Files and whole folders; no error when there is none. */
  remove(path: string): Promise<void>
  syncDirectory(path: string): Promise<void>
  usage(path: string): Promise<DiskUsage>
  /** Keeps other processes out of a folder. @throws Error when a living one holds it. */
  lock(directory: string): DirectoryLock
}

export interface DirectoryLock {
  release(): void
}

export interface DiskUsage {
  totalBytes: number
  usableBytes: number
}

export interface LogFile {
  readonly path: string
  /** Writes all of it, in order, at `position`, creating the file when there is none. */
  write(buffers: readonly Buffer[], position: number): Promise<void>
  /** Fills `into` from `position`; fewer bytes than asked for only at the end of the file. */
  read(into: Buffer, position: number): Promise<number>
  size(): Promise<number>
  truncate(size: number): Promise<void>
  sync(): Promise<void>
  rename(path: string): Promise<void>
  close(): Promise<void>
}

/** One that the operating system gave, as opposed to a bug of ours. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error
}

export function isMissing(error: unknown): boolean {
  return isSystemError(error) && error.code === 'ENOENT'
}

/** Trouble of the disk itself, as opposed to a file that is gone or a process without descriptors to spare. */
export function isDiskFailure(error: unknown): boolean {
  return isSystemError(error) && !['ENOENT', 'EMFILE', 'ENFILE'].includes(error.code ?? '')
}
