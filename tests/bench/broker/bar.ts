import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { type Figure, ratioOf } from '../figures-table.ts'

const barSchema = z.record(
  z.string(),
  z.strictObject({ atLeast: z.number().optional(), atMost: z.number().optional(), oursAtMost: z.number().optional() }),
)

/** What each figure's ratio to Apache Kafka's, or the figure itself, has to reach; by the figure's words. */
export type Bar = z.infer<typeof barSchema>

/** Throws for a file that is no bar, before anything is measured. */
export function readBar(file: string): Bar {
  return barSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
}

/** Throws with every figure that misses its bar, and every bar that has no figure: it would hold nothing. */
export function holdBar(figures: readonly Figure[], bar: Bar): void {
  const misses = Object.entries(bar).flatMap(([what, { atLeast, atMost, oursAtMost }]) => {
    const figure = figures.find((candidate) => candidate.what === what)
    if (figure === undefined) return [`${what}: not measured`]
    const ratio = ratioOf(figure)
    return [
      ...(atLeast !== undefined && !(ratio >= atLeast) ? [`${what}: ratio ${ratio.toFixed(2)}, below ${atLeast}`] : []),
      ...(atMost !== undefined && !(ratio <= atMost) ? [`${what}: ratio ${ratio.toFixed(2)}, above ${atMost}`] : []),
      ...(oursAtMost !== undefined && !(figure.ours <= oursAtMost)
        ? [`${what}: ${figure.ours.toFixed(1)} ${figure.unit}, above ${oursAtMost}`]
        : []),
    ]
  })
  if (misses.length > 0) throw new Error(`The bar is missed:\n${misses.join('\n')}`)
}
