import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Debian's packages of the programs that the interop tests need, by program. */
const programs = { java: 'openjdk-17-jre-headless', mvn: 'maven', kcat: 'kcat' }

/** And of the modules of its Python, by what each is called in its folder of modules. */
const pythonModules = {
  confluent_kafka: 'python3-confluent-kafka',
  kafka: 'python3-kafka',
  lz4: 'python3-lz4',
  snappy: 'python3-snappy',
  zstandard: 'python3-zstandard',
}
const pythonModulesFolder = '/usr/lib/python3/dist-packages'

/** One line that says what is missing and how to get it. */
export function findMissingPrograms(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  const missing = [...missingIn(programs, folders), ...missingIn(pythonModules, [pythonModulesFolder])]
  if (missing.length === 0) return undefined
  const names = missing.map(([name]) => name).join(', ')
  return `Missing: ${names}. On Debian: apt-get install -y ${missing.map(([, source]) => source).join(' ')}`
}

function missingIn(packages: Readonly<Record<string, string>>, folders: readonly string[]): [string, string][] {
  return Object.entries(packages).filter(([name]) => !folders.some((folder) => existsSync(join(folder, name))))
}
