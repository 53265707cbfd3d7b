import assert from 'node:assert'
import { defaultLogConfig } from '../../broker/log/log-config.ts'
import { LogDirectory } from '../../broker/log/log-directory.ts'
import type { PartitionLog } from '../../broker/log/partition-log.ts'
import { TailCache } from '../../broker/log/tail-cache.ts'
import { KafkaError } from '../../broker/protocol/errors.ts'
import { ProtocolError } from '../../broker/protocol/protocol-error.ts'
import { buildBatch } from '../../broker/record/build-batch.ts'
import { buildEndTransactionBatch } from '../../broker/record/control-records.ts'
import { decodeRecords } from '../../broker/record/decode-records.ts'
import { batchesIn, RecordBatch } from '../../broker/record/record-batch.ts'
import { FixedClock, nowMs } from '../broker/log/open-test-log.ts'
import { MemoryFileSystem } from '../support/memory-file-system.ts'
import { damage } from './damage.ts'
import type { Random } from './random.ts'

const directory = '/log'
const config = { ...defaultLogConfig, segmentBytes: 1500, indexIntervalBytes: 300 }
const batches = 30
const valueAt = (offset: number) => `value ${offset} `.padEnd(60, '.')

/** The files of a broker that was stopped in good order, with a log of several segments and of every kind of file. */
export async function makeLogFiles(): Promise<ReadonlyMap<string, Buffer>> {
  const fileSystem = new MemoryFileSystem()
  const logs = await openDirectory(fileSystem)
  const log = await logs.openOrCreate('orders', 0, 'AAAAAAAAAAAAAAAAAAAAAQ', config)
  for (let i = 0; i < batches; i++) await append(log, i)
  await logs.close({ brokerEpoch: 3 })
  return fileSystem.files
}

/** Opens a broker's folder in which something was changed, and reads, appends and closes as a broker does. */
export async function openDamaged(files: ReadonlyMap<string, Buffer>, random: Random): Promise<void> {
  const damaged = new Map(files)
  const names = [...files.keys()]
  for (let left = 1 + random.below(2); left > 0; left--) spoil(damaged, names, random)
  const isLogIntact = names.every((name) => !name.endsWith('.log') || damaged.get(name) === files.get(name))
  const logs = await openDirectory(new MemoryFileSystem(damaged)).catch((error: unknown) => {
    // Whose folder it is, is a file's word alone: a broker does not begin in another's.
    if (error instanceof Error && error.message.includes('belongs to another')) return undefined
    throw error
  })
  if (logs === undefined) return
  const opened = [...logs.entries()].find(({ topic, partition }) => topic === 'orders' && partition === 0)
  if (opened !== undefined) await use(opened.log, isLogIntact, random)
  await logs.close({ brokerEpoch: 4 })
}

function openDirectory(fileSystem: MemoryFileSystem): Promise<LogDirectory> {
  return LogDirectory.open({
    path: directory,
    clusterId: 'cluster',
    nodeId: 1,
    fileSystem,
    clock: new FixedClock(),
    tail: new TailCache({ bytesMax: 0 }),
    defaultConfig: config,
  })
}

/** Plain ones, and transactions of which every other is aborted. */
async function append(log: PartitionLog, i: number): Promise<void> {
  const baseOffset = log.logEndOffset
  const place = { baseOffset, partitionLeaderEpoch: Math.floor(i / 10), timestampMs: nowMs + i }
  const producer = { producerId: 7, producerEpoch: 0 }
  if (i % 5 === 4) {
    const marker = buildEndTransactionBatch({ ...producer, ...place, isCommit: i % 2 === 0, coordinatorEpoch: 0 })
    new RecordBatch(marker).assign(baseOffset, place.partitionLeaderEpoch)
    await log.appendAsFollower(marker)
    return
  }
  const records = [0, 1].map((delta) => ({ key: null, value: Buffer.from(valueAt(baseOffset + delta)) }))
  const transaction = { ...producer, baseSequence: baseOffset, isTransactional: true }
  await log.appendAsFollower(buildBatch({ records, ...place, ...(i % 5 === 0 ? {} : transaction) }))
}

function spoil(files: Map<string, Buffer>, names: readonly string[], random: Random): void {
  const name = random.pick(names)
  const content = files.get(name) ?? Buffer.alloc(0)
  switch (random.below(8)) {
    case 0:
      files.delete(name)
      return
    case 1:
      files.set(name, Buffer.alloc(random.pick([0, content.length, 100])))
      return
    case 2:
      files.set(name, files.get(random.pick(names)) ?? content)
      return
    case 3:
      files.set(`${name}${random.pick(['.deleted', '.cleaned', '.swap', '.tmp'])}`, content)
      return
    default:
      files.set(name, damage(content, random, files.get(random.pick(names)) ?? content))
  }
}

async function use(log: PartitionLog, isLogIntact: boolean, random: Random): Promise<void> {
  const { logStartOffset, logEndOffset } = log
  assert(Number.isSafeInteger(logStartOffset) && Number.isSafeInteger(logEndOffset))
  assert(0 <= logStartOffset && logStartOffset <= logEndOffset)
  const seen = await orTrouble(isLogIntact, () => readAll(log, random.pick([200, 1_000, 1_000_000]), isLogIntact))
  for (const age of [-1, 0, 7, 29, 31]) {
    const found = await orTrouble(isLogIntact, () => log.offsetForTimestamp(nowMs + age, logEndOffset))
    if (isLogIntact && found !== undefined) assert(found.timestampMs >= nowMs + age && found.offset >= logStartOffset)
  }
  await orTrouble(isLogIntact, () => log.offsetOfMaxTimestamp())
  await orTrouble(isLogIntact, async () => {
    const records = [{ key: null, value: Buffer.from('new') }]
    const { baseOffset, written } = log.appendAsLeader(buildBatch({ records, timestampMs: nowMs }), leader)
    assert.equal(baseOffset, logEndOffset)
    await written
    const read = { offset: baseOffset, maxBytes: 1, upToOffset: log.logEndOffset, atLeastOneBatch: true }
    const [bytes] = await log.read(read)
    assert(bytes !== undefined && decodeRecords(new RecordBatch(bytes))[0]?.value?.toString() === 'new')
  })
  if (isLogIntact && logStartOffset === 0) assert.equal(seen, logEndOffset, 'Records are missing')
}

const leader = { leaderEpoch: 9, origin: 'client' } as const

/** @returns the offset after the last record. */
async function readAll(log: PartitionLog, maxBytes: number, isLogIntact: boolean): Promise<number> {
  let offset = log.logStartOffset
  for (let reads = 0; offset < log.logEndOffset; reads++) {
    assert(reads < 1_000, 'Reading does not end')
    const buffers = await log.read({ offset, maxBytes, upToOffset: log.logEndOffset, atLeastOneBatch: true })
    const before = offset
    for (const buffer of buffers) {
      for (const batch of batchesIn(buffer)) offset = Math.max(offset, batch.nextOffset)
    }
    if (isLogIntact) for (const buffer of buffers) requireOwn(buffer)
    if (offset === before) return offset
  }
  return offset
}

function requireOwn(buffer: Buffer): void {
  for (const batch of batchesIn(buffer)) {
    assert(batch.hasValidChecksum())
    if (batch.isControl) continue
    for (const record of decodeRecords(batch)) assert.equal(record.value?.toString(), valueAt(record.offset))
  }
}

/** A log whose own bytes are damaged may say so, and must say it so that it is one partition's trouble alone. */
async function orTrouble<T>(isLogIntact: boolean, act: () => Promise<T>): Promise<T | undefined> {
  try {
    return await act()
  } catch (error) {
    if (isLogIntact || !(error instanceof KafkaError || error instanceof ProtocolError)) throw error
    return undefined
  }
}
