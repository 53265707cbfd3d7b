import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Files that put the parts together, and so may know all of their half of the house. */
const composition = [
  'lib/main.ts',
  'lib/console.ts',
  'lib/open-cluster.ts',
  'broker/broker.ts',
  'broker/broker-parts.ts',
  'broker/broker-security.ts',
  'broker/main.ts',
  'broker/cluster.ts',
]

/** What the files of a room may import besides their own room. A file of its own is a room of its own. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  app: ['lib/runtime', 'lib/web', 'lib/contract', 'lib/domain', 'lib/format'],

  'lib/contract': [],
  'lib/domain': ['lib/contract'],
  'lib/format': ['lib/contract', 'lib/domain'],
  'lib/web': ['lib/contract', 'lib/domain', 'lib/format'],
  'lib/runtime': ['lib/contract'],
  'lib/clock': [],
  'lib/log': [],
  'lib/kafka': ['lib/contract', 'lib/clock', 'lib/log'],
  'lib/config': ['lib/kafka'],
  'lib/db': ['lib/contract', 'prisma/generated'],
  'lib/postgres': ['lib/log'],
  'lib/auth': ['lib/db', 'lib/contract', 'lib/clock'],
  'lib/monitor': ['lib/contract', 'lib/domain', 'lib/db', 'lib/kafka', 'lib/clock', 'lib/log'],
  'lib/services': [
    'lib/monitor',
    'lib/contract',
    'lib/domain',
    'lib/db',
    'lib/kafka',
    'lib/auth',
    'lib/clock',
    'lib/log',
  ],
  'lib/api': ['lib/services', 'lib/auth', 'lib/contract', 'lib/monitor', 'lib/db', 'lib/clock', 'lib/log'],
  'lib/http': ['lib/clock', 'lib/log'],
  'lib/start': ['lib/config', 'lib/http'],
  'lib/demo': ['lib/kafka'],

  'broker/clock': [],
  'broker/config': [],
  'broker/timer-wheel': ['broker/clock'],
  'broker/world': below('broker/network'),
  'broker/broker-process': ['broker/config'],
  'broker/cli': ['broker/cluster'],
  'broker/protocol': [],
  'broker/record': ['broker/protocol'],
  'broker/log': ['broker/protocol', 'broker/record', 'broker/clock'],
  'broker/security': ['broker/protocol'],
  'broker/metadata': ['broker/protocol', 'broker/record', 'broker/log', 'broker/security', 'broker/clock'],
  'broker/network': below('broker/metadata'),
  'broker/controller': below('broker/network'),
  'broker/replication': below('broker/network'),
  'broker/coordinator': below('broker/network'),
  'broker/group': [...below('broker/network'), 'broker/coordinator'],
  'broker/share': [...below('broker/network'), 'broker/coordinator', 'broker/replication'],
  'broker/transaction': [...below('broker/network'), 'broker/coordinator'],
  'broker/server': [
    ...below('broker/network'),
    'broker/controller',
    'broker/replication',
    'broker/group',
    'broker/share',
    'broker/transaction',
  ],
}

/** Modules that only one room may know. */
const ownedBy: Readonly<Record<string, string>> = {
  '@platformatic/kafka': 'lib/kafka',
  '@prisma/client': 'lib/db',
  'better-auth': 'lib/auth',
  ws: 'lib/monitor',
}

interface Import {
  readonly file: string
  readonly target: string
}

const files = ['app', 'lib', 'broker'].flatMap(sourcesIn)
const imports = files.flatMap(importsOf)

describe('the house', () => {
  test('every room is on the plan', () => {
    const rooms = new Set(files.filter((file) => !composition.includes(file)).map(roomOf))
    expect([...rooms].filter((room) => mayImport[room] === undefined)).toEqual([])
  })

  test('imports run one way', () => {
    expect(
      imports
        .filter(isInside)
        .filter((found) => !isAllowed(found))
        .map(sentence),
    ).toEqual([])
  })

  test('the console and the broker meet over TCP alone, but for the one that starts brokers', () => {
    const crossing = imports.filter(({ file, target }) => isInside({ file, target }) && halfOf(file) !== halfOf(target))
    const lawful = ['lib/main.ts -> broker/cluster.ts']
    expect(crossing.filter(({ target }) => halfOf(target) !== 'prisma').map(sentence)).toEqual(lawful)
  })

  test('a library that decides how a room works is known to that room alone', () => {
    const strays = imports.filter(({ file, target }) => {
      const owner = ownedBy[packageOf(target)]
      return owner !== undefined && owner !== roomOf(file)
    })
    expect(strays.map(sentence)).toEqual([])
  })

  test('no file bears a name that says nothing', () => {
    const empty = /(^|\/)(utils?|helpers?|common|misc|constants|types|manager|index)(\.tsx?|\/)/
    expect(files.filter((file) => empty.test(file))).toEqual([])
  })
})

function below(room: string): readonly string[] {
  const rooms = ['protocol', 'record', 'log', 'security', 'metadata', 'network'].map((name) => `broker/${name}`)
  return [...rooms.slice(0, rooms.indexOf(room) + 1), 'broker/clock', 'broker/timer-wheel']
}

function sourcesIn(directory: string): string[] {
  return readdirSync(path.join(root, directory), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
}

function importsOf(file: string): Import[] {
  const source = readFileSync(path.join(root, file), 'utf8')
  return [...source.matchAll(/(?:\bfrom|\bimport\(|^import)\s*'([^']+)'/gm)].map(([, specifier = '']) => ({
    file,
    target: specifier.startsWith('.') ? path.join(path.dirname(file), specifier) : specifier,
  }))
}

function isInside({ target }: Import): boolean {
  return /^(app|lib|broker|prisma)\//.test(target)
}

function isAllowed({ file, target }: Import): boolean {
  if (composition.includes(file) || /\.css$/.test(target)) return true
  const [from, to] = [roomOf(file), roomOf(target)]
  return from === to || (mayImport[from]?.includes(to) ?? false)
}

/** `lib/kafka/operations/x.ts` is in `lib/kafka`; `lib/clock.ts` is a room by itself; `app` is one room. */
function roomOf(file: string): string {
  const [half = '', name = ''] = file.split('/')
  return half === 'app' ? half : `${half}/${name.replace(/\.tsx?$/, '')}`
}

function halfOf(file: string): string {
  const [half = ''] = file.split('/')
  return half === 'app' ? 'lib' : half
}

function packageOf(specifier: string): string {
  const [scope = '', name] = specifier.split('/')
  return scope.startsWith('@') ? `${scope}/${name}` : scope
}

function sentence({ file, target }: Import): string {
  return `${file} -> ${target}`
}
