'use client'

import type { BrokerRow } from '../../../../lib/contract/broker.ts'
import { useFormats, useWords } from '../../../../lib/web/reader-provider.tsx'
import { Unknown } from '../../../components/figure/unknown.tsx'

type DiskFigures = Pick<BrokerRow, 'diskTotalBytes' | 'diskUsableBytes'>

/** How much of the disk under the broker's log folders is taken, by whoever. */
export function BrokerDiskShare({ broker: { diskTotalBytes, diskUsableBytes } }: { broker: DiskFigures }) {
  const words = useWords()
  const formats = useFormats()
  if (diskTotalBytes === null || diskUsableBytes === null) return <Unknown reason={words.common.unknownBroker} />
  const used = diskTotalBytes - diskUsableBytes
  return (
    <span title={`${formats.bytes(used)} / ${formats.bytes(diskTotalBytes)}`}>
      {formats.share(used, diskTotalBytes)}
    </span>
  )
}
