// Plain JavaScript for any Node: it says so when Node is too old, compiles what is not compiled, and starts a program.
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const nodeMin = [20, 19, 4]

const programs = {
  build: { builds: ['server', 'pages'] },
  console: { entry: 'dist/lib/main.js', builds: ['server', 'pages'] },
  broker: { entry: 'dist/broker/cli.js', builds: ['server'] },
  demo: { entry: 'dist/lib/demo/main.js', builds: ['server'] },
}

const builds = {
  server: {
    sources: ['lib', 'broker', 'prisma', 'package-lock.json'],
    stamp: 'dist/.built',
    command: ['run', '--silent', 'build:server'],
  },
  pages: {
    sources: ['app', 'lib', 'next.config.js', 'package-lock.json'],
    stamp: '.next/.built',
    command: ['run', '--silent', 'build:pages'],
  },
}

requireNode()
const [name, ...rest] = process.argv.slice(2)
const program = programs[name]
if (program === undefined) fail(`Start one of: ${Object.keys(programs).join(', ')}.`)
const isDevelopment = rest.includes('--dev')
for (const build of program.builds) if (!(isDevelopment && build === 'pages')) buildWhenStale(builds[build])
if (program.entry !== undefined) await start(program.entry)

async function start(entry) {
  process.argv.splice(2, 1)
  if (!isDevelopment) process.env.NODE_ENV ??= 'production'
  await import(pathToFileURL(path.join(root, entry)).href)
}

function requireNode() {
  const version = process.versions.node.split('.').map(Number)
  for (const [index, min] of nodeMin.entries()) {
    if (version[index] > min) return
    if (version[index] < min) fail(`Eyrie needs Node ${nodeMin.join('.')} or newer; this is ${process.versions.node}.`)
  }
}

function buildWhenStale({ sources, stamp, command }) {
  const stampFile = path.join(root, stamp)
  const builtAtMs = existsSync(stampFile) ? statSync(stampFile).mtimeMs : 0
  if (sources.every((source) => newestMs(path.join(root, source)) <= builtAtMs)) return
  process.stderr.write('Building what changed; this takes a minute the first time.\n')
  try {
    execFileSync('npm', command, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
  } catch {
    fail('The build failed: its messages are above.')
  }
  writeFileSync(stampFile, '')
}

function newestMs(place) {
  const stat = statSync(place)
  if (!stat.isDirectory()) return stat.mtimeMs
  let newest = 0
  for (const entry of readdirSync(place, { withFileTypes: true })) {
    if (entry.name === 'generated') continue
    newest = Math.max(newest, newestMs(path.join(place, entry.name)))
  }
  return newest
}

function fail(sentence) {
  process.stderr.write(`${sentence}\n`)
  process.exit(1)
}
