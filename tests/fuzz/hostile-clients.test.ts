import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ClusterClient } from '../broker/cluster/cluster-client.ts'
import { startTestCluster, type TestCluster } from '../support/kafka-cluster.ts'
import { attack, hostileFrame } from './hostile-client.ts'
import { Random } from './random.ts'

/** Set by `npm run test:fuzz`; otherwise always the same few. */
const { EYRIE_FUZZ_SEED = '1', EYRIE_FUZZ_INPUTS = '100000', EYRIE_FUZZ_ONLY = 'requests' } = process.env
const seed = Number(EYRIE_FUZZ_SEED)
const attacks = Math.ceil(Number(EYRIE_FUZZ_INPUTS) / 1000)
const attackers = 4
const framesOfAttack = 10
const residentBytesMax = 600 * 1024 * 1024

let cluster: TestCluster
let client: ClusterClient
let troubles = ''

beforeAll(async () => {
  const onTrouble = (text: string) => {
    troubles += text
  }
  cluster = await startTestCluster({ brokers: 1, onTrouble })
  client = new ClusterClient(cluster.brokers)
  await client.createTopic('bystander')
  await client.createTopic('plain')
  await client.createTopic('compacted', { configs: { 'cleanup.policy': 'compact' } })
  await client.createTopic('recompressed', { configs: { 'compression.type': 'zstd' } })
})

afterAll(async () => {
  client.close()
  await cluster.stop()
})

function residentBytes(): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', `${cluster.pidOf(1)}`]).toString()) * 1024
}

test.runIf(EYRIE_FUZZ_ONLY === 'requests')(
  'hostile requests leave other clients and the broker alone',
  async () => {
    const pid = cluster.pidOf(1)
    const port = Number(cluster.bootstrap.split(':')[1])
    let isOver = false
    let largestBytes = 0
    const bystander = async () => {
      for (let number = 0; ; number++) {
        await client.produce('bystander', 0, [`${number}`])
        if (number % 50 === 0) largestBytes = Math.max(largestBytes, residentBytes())
        if (isOver) return number + 1
      }
    }
    const attacker = async (which: number) => {
      for (let i = which; i < attacks; i += attackers) {
        const frames = Array.from({ length: framesOfAttack }, (_, j) =>
          hostileFrame(new Random(seed, i * framesOfAttack + j)),
        )
        await attack(port, frames, 150)
      }
    }
    const produced = bystander()
    await Promise.race([Promise.all(Array.from({ length: attackers }, (_, which) => attacker(which))), produced])
    isOver = true
    const numbers = Array.from({ length: await produced }, (_, number) => `${number}`)
    expect(await client.readAll('bystander', 0)).toEqual(numbers)
    expect(cluster.pidOf(1)).toBe(pid)
    expect(largestBytes).toBeLessThan(residentBytesMax)
    expect(troubles, `seed ${seed}`).toBe('')
  },
  3_600_000,
)
