import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { runProgram } from './kafka-tool.ts'

/** Debian's: its packages of clients are not seen by another Python that may come first in the PATH. */
const python = '/usr/bin/python3'
const folder = fileURLToPath(new URL('../interop/python/', import.meta.url))

/** One test for each `test_…` in a file of tests/interop/python. The environment is asked for when the tests run. */
export function testPythonScenarios(file: string, environment: () => Readonly<Record<string, string>>): void {
  const names = [...readFileSync(folder + file, 'utf8').matchAll(/^ {4}def test_(\w+)/gm)].map(([, name = '']) => name)
  test.each(names.map((name) => [name.replaceAll('_', ' '), name]))('%s', async (_, name) => {
    const args = ['-B', folder + file, `Scenarios.test_${name}`]
    const { exitCode, stdout, stderr } = await runProgram(python, args, {
      environment: environment(),
      timeoutMs: 180_000,
    })
    expect(exitCode, `${stdout}${stderr}`).toBe(0)
  })
}
