import { readdir, readFile } from 'node:fs/promises'

export interface RunningProcess {
  readonly pid: number
  readonly parentPid: number
  readonly command: string
}

/** Everything that descends from a process now: children before grandchildren. Reads Linux's `/proc`. */
export async function listDescendants(pid: number): Promise<RunningProcess[]> {
  const everything = await listProcesses()
  const descendants: RunningProcess[] = []
  for (let parents = [pid]; parents.length > 0; ) {
    const children = everything.filter(({ parentPid }) => parents.includes(parentPid))
    descendants.push(...children)
    parents = children.map((child) => child.pid)
  }
  return descendants
}

/** Whether it runs; one that has ended and waits for its parent to notice does not. */
export async function isRunning(pid: number): Promise<boolean> {
  const stat = await readStat(pid)
  return stat !== undefined && stat.state !== 'Z' && stat.state !== 'X'
}

async function listProcesses(): Promise<RunningProcess[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  const found = await Promise.all(
    pids.map(async (pid) => {
      const [stat, command] = await Promise.all([readStat(pid), readOrEmpty(`/proc/${pid}/cmdline`)])
      if (stat === undefined) return []
      return [{ pid, parentPid: stat.parentPid, command: command.replaceAll('\0', ' ').trim() }]
    }),
  )
  return found.flat()
}

/** `pid (command) state ppid …`, where the command may hold anything, parentheses too. */
async function readStat(pid: number): Promise<{ state: string; parentPid: number } | undefined> {
  const stat = await readOrEmpty(`/proc/${pid}/stat`)
  const [state, parentPid] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return state === undefined || parentPid === undefined ? undefined : { state, parentPid: Number(parentPid) }
}

/** Empty when the process has ended in the meantime. */
async function readOrEmpty(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '')
}
