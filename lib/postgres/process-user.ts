import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { stat } from 'node:fs/promises'

/** A user to run Postgres as, which refuses to be root. */
export interface ProcessUser {
  readonly uid: number
  readonly gid: number
}

/** `undefined` when we are not root and Postgres can simply be us; else the owner of the data, or nobody. */
export async function findPostgresUser(dataFolder: string): Promise<ProcessUser | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const owner = await stat(dataFolder).catch(() => undefined)
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid }
  return nobody()
}

/** Whether the user can enter the folder by its path: a 0700 folder anywhere above stops an unprivileged user. */
export function canEnter(user: ProcessUser | undefined, folder: string): boolean {
  if (user === undefined) return true
  return spawnSync('/bin/sh', ['-c', 'cd "$0" 2>/dev/null', folder], { ...user, stdio: 'ignore' }).status === 0
}

function nobody(): ProcessUser {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith('nobody:'))
  const [, , uid, gid] = (line ?? 'nobody:x:65534:65534').split(':')
  return { uid: Number(uid), gid: Number(gid) }
}
