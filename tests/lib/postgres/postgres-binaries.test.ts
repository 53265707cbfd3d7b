import { cp, mkdtemp, readlink, rm, unlink } from 'node:fs/promises'
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
