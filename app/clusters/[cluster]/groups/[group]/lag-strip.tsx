'use client'

import type { GroupPartitionRow } from '../../../../../lib/contract/group.ts'
import { useFormats, useWords } from '../../../../../lib/web/reader-provider.tsx'
import classes from './lag-strip.module.css'

/** Upper bounds in seconds of the shades; the last has none. */
const shadesMax = [1, 10, 60, 600, 3_600]

/** A group's partitions by how far behind each is; stuck ones are notched. */
export function LagStrip({ positions }: { positions: readonly GroupPartitionRow[] }) {
  const words = useWords()
  const formats = useFormats()
  const topics = [...new Set(positions.map((position) => position.topic))]
  const describe = ({ lagSeconds, progress }: GroupPartitionRow) =>
    lagSeconds === null
      ? words.common.progress[progress]
      : `${formats.duration(lagSeconds * 1_000)}, ${words.common.progress[progress]}`
  return (
    <div className={classes.strips}>
      {topics.map((topic) => (
        <div key={topic} className={classes.strip}>
          <span className={`mono ${classes.topic}`} title={topic}>
            {topic}
          </span>
          <span className={classes.cells}>
            {positions
              .filter((row) => row.topic === topic)
              .map((row) => (
                <i
                  key={row.partition}
                  className={classes.cell}
                  data-shade={shadeOf(row.lagSeconds)}
                  data-stuck={row.progress === 'stuck' || undefined}
                  title={words.groups.stripCell(topic, row.partition, describe(row))}
                />
              ))}
          </span>
        </div>
      ))}
      <p className={classes.key}>
        {shadesMax.map((seconds, shade) => (
          <span key={seconds}>
            <i className={classes.cell} data-shade={shade} /> &lt; {formats.duration(seconds * 1_000)}
          </span>
        ))}
        <span>
          <i className={classes.cell} data-shade={shadesMax.length} />{' '}
          {words.common.atLeast(formats.duration(3_600_000))}
        </span>
        <span>
          <i className={classes.cell} data-shade={3} data-stuck /> {words.groups.stripStuck}
        </span>
      </p>
    </div>
  )
}

function shadeOf(seconds: number | null): number | undefined {
  if (seconds === null) return undefined
  const shade = shadesMax.findIndex((max) => seconds < max)
  return shade === -1 ? shadesMax.length : shade
}
