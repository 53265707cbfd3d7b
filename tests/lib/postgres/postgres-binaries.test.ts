import { chmod, cp, mkdtemp, readlink, rm, unlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { preparePostgresBinaries } from '../../../lib/postgres/postgres-binaries.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'eyrie-test-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

it('uses the installed binaries where they are when they run', async () => {
  const { folder: used, majorVersion } = await preparePostgresBinaries({ copyInto: folder, user: undefined })
  expect(used).toMatch(/node_modules/)
  expect(majorVersion).toBe(18)
})

it.runIf(process.getuid?.() === 0)('copies them to where an unprivileged user can run them', async () => {
  const { folder: installed } = await preparePostgresBinaries({ copyInto: folder, user: undefined })
  const home = path.join(folder, 'home')
  await chmod(folder, 0o755)
  await cp(path.join(installed, '..'), path.join(folder, 'closed', 'package'), {
    recursive: true,
    verbatimSymlinks: true,
  })
  await chmod(path.join(folder, 'closed'), 0o700)
  const closed = path.join(folder, 'closed', 'package', 'native')
  const user = { uid: 65_534, gid: 65_534 }
  const prepared = await preparePostgresBinaries({ copyInto: home, user, installed: closed })
  expect(prepared.folder.startsWith(home)).toBe(true)
  expect(await preparePostgresBinaries({ copyInto: home, user, installed: closed })).toEqual(prepared)
})

it('makes the links between libraries in a copy when npm did not', async () => {
  const { folder: installed } = await preparePostgresBinaries({ copyInto: folder, user: undefined })
  const bare = path.join(folder, 'package', 'native')
  await cp(installed, bare, { recursive: true, verbatimSymlinks: true })
  await cp(path.join(installed, '..', 'package.json'), path.join(folder, 'package', 'package.json'))
  await unlink(path.join(bare, 'lib', 'libpq.so.5'))
  const prepared = await preparePostgresBinaries({ copyInto: folder, user: undefined, installed: bare })
  expect(prepared.folder).not.toBe(bare)
  expect(await readlink(path.join(prepared.folder, 'lib', 'libpq.so.5'))).toMatch(/^libpq\.so\.5\.\d+$/)
})
