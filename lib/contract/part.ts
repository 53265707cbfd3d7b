import { z } from 'zod'
import { instantMs } from './scalars.ts'

/**
 * How fresh one part of a snapshot is. A part that could not be read keeps its last value with its age, and says why
 * and since when; it is never empty or zero instead.
 */
export const part = z.object({
  asOfMs: instantMs.nullable(),
  problem: z.object({ code: z.string(), message: z.string(), sinceMs: instantMs }).nullable(),
})
export type Part = z.infer<typeof part>
