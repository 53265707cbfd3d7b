import { chmod, cp, mkdir, mkdtemp, readlink, rm, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { preparePostgresBinaries } from '../../../lib/postgres/postgres-binaries.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'eyrie-test-'))
  await chmod(folder, 0o755)
})
afterEach(() => rm(folder, { recursive: true, force: true }))

it('uses the installed binaries where they are when they run', async () => {
  const installed = await installPackage('package')
  const prepared = await preparePostgresBinaries({ copyInto: path.join(folder, 'home'), user: undefined, installed })
  expect(prepared).toEqual({ folder: installed, majorVersion: 18 })
})

it.runIf(process.getuid?.() === 0)('copies them to where an unprivileged user can run them', async () => {
  const home = path.join(folder, 'home')
  const installed = await installPackage('closed/package')
  await chmod(path.join(folder, 'closed'), 0o700)
  const user = { uid: 65_534, gid: 65_534 }
  const prepared = await preparePostgresBinaries({ copyInto: home, user, installed })
  expect(prepared.folder.startsWith(home)).toBe(true)
  expect(await preparePostgresBinaries({ copyInto: home, user, installed })).toEqual(prepared)
})

it('makes the links between libraries in a copy when npm did not', async () => {
  const installed = await installPackage('package')
  await unlink(path.join(installed, 'lib', 'libpq.so.5'))
  const prepared = await preparePostgresBinaries({ copyInto: path.join(folder, 'home'), user: undefined, installed })
  expect(prepared.folder).not.toBe(installed)
  expect(await readlink(path.join(prepared.folder, 'lib', 'libpq.so.5'))).toMatch(/^libpq\.so\.5\.\d+$/)
})

/** A package as npm leaves it after its install script, whether or not that has run here. Returns its binaries. */
async function installPackage(name: string): Promise<string> {
  const { folder: runnable } = await preparePostgresBinaries({ copyInto: path.join(folder, 'source'), user: undefined })
  const native = path.join(folder, name, 'native')
  await mkdir(path.dirname(native), { recursive: true })
  await cp(runnable, native, { recursive: true, verbatimSymlinks: true })
  await writeFile(path.join(folder, name, 'package.json'), JSON.stringify({ version: '18.0.0' }))
  return native
}
