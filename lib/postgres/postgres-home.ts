import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { PostgresStartError } from './postgres-start-error.ts'
import { canEnter, type ProcessUser } from './process-user.ts'

/** Where Postgres lives when its unprivileged user cannot reach the data folder, one folder below for each of those. */
const systemHome = '/var/lib/eyrie'

/**
 * The folder that holds the database and, if they are needed, a copy of the binaries: the data folder itself, or, when
 * the unprivileged user cannot enter that (it lies below root's 0700 home), a folder of our own under /var/lib that the
 * data folder names. Deleting the data folder so starts anew in both cases.
 */
export async function openPostgresHome(options: {
  dataFolder: string
  user: ProcessUser | undefined
}): Promise<{ folder: string; isElsewhere: boolean }> {
  const pointer = path.join(options.dataFolder, 'postgres-location')
  if (existsSync(pointer)) {
    const folder = (await readFile(pointer, 'utf8')).trim()
    if (existsSync(folder)) return { folder, isElsewhere: true }
    throw new PostgresStartError(
      `${pointer} says that the database is in ${folder}, which does not exist. Bring that folder back, or delete the file to start with an empty database.`,
    )
  }
  if (canEnter(options.user, options.dataFolder)) return { folder: options.dataFolder, isElsewhere: false }

  const folder = path.join(systemHome, randomUUID())
  await mkdir(folder, { recursive: true, mode: 0o755 })
  await writeFile(pointer, `${folder}\n`)
  return { folder, isElsewhere: true }
}
