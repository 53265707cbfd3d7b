import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const launcher = fileURLToPath(new URL('../../lib/launch.js', import.meta.url))
const run = promisify(execFile)

/** The launcher in a process that believes to be an older Node. */
async function launchOn(version: string): Promise<{ code: number; stderr: string }> {
  const versions = `{ ...process.versions, node: '${version}' }`
  const older = `data:text/javascript,Object.defineProperty(process, 'versions', { value: ${versions} })`
  // No program is named, so that a launcher content with its Node says which there are, and starts nothing.
  const failure = await run(process.execPath, ['--import', older, launcher]).catch((error: unknown) => error)
  const { code, stderr } = failure as { code: number; stderr: string }
  return { code, stderr }
}

test.each(['18.20.8', '20.9.0', '20.19.3'])('Node %s is told to be too old', async (version) => {
  expect(await launchOn(version)).toEqual({
    code: 1,
    stderr: `Eyrie needs Node 20.19.4 or newer; this is ${version}.\n`,
  })
})

test.each(['20.19.4', '20.20.0', '22.0.0', '24.1.0'])('Node %s is new enough', async (version) => {
  expect((await launchOn(version)).stderr).toBe('Start one of: build, console, broker, demo.\n')
})
