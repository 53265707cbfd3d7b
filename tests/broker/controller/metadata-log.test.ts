import { describe, expect, it } from 'vitest'
import { systemClock } from '../../../broker/clock.ts'
import { openMetadataLog } from '../../../broker/controller/metadata-log.ts'
import { MetadataLogWriter } from '../../../broker/controller/metadata-log-writer.ts'
import { NodeFileSystem } from '../../../broker/log/node-file-system.ts'
import { encodeMetadataRecord } from '../../../broker/metadata/records.ts'
import { makeTemporaryDirectory } from '../log/open-test-log.ts'

describe('the metadata log', () => {
  it('takes what the loss of a broker with 100,000 partitions changes as one batch', async () => {
    const directory = await makeTemporaryDirectory()
    const { log } = await openMetadataLog({ directory, fileSystem: new NodeFileSystem(), clock: systemClock })
    const onFailure = (error: Error) => {
      throw error
    }
    const writer = new MetadataLogWriter({ log, leaderEpoch: 1, clock: systemClock, onFailure })
    const change = encodeMetadataRecord({
      type: 'PartitionChangeRecord',
      partitionId: 7,
      topicId: Buffer.alloc(16, 7).toString('base64url'),
      leader: 2,
      isr: [2, 3],
      eligibleLeaderReplicas: [1],
    })
    writer.appendRecords(Array.from({ length: 100_000 }, () => change))
    await writer.whenCommitted(100_000)
    expect(writer.committedOffset).toBe(100_000)
    await log.close()
  })
})
