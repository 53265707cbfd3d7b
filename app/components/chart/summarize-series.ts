interface Summary {
  last: number | undefined
  min: number | undefined
  mean: number | undefined
  max: number | undefined
}

/** Gaps count for nothing; all `undefined` when there is nothing but gaps. */
export function summarizeSeries(values: readonly (number | null)[]): Summary {
  const known = values.filter((value) => value !== null)
  if (known.length === 0) return { last: undefined, min: undefined, mean: undefined, max: undefined }
  return {
    last: known.at(-1),
    min: Math.min(...known),
    mean: known.reduce((sum, value) => sum + value, 0) / known.length,
    max: Math.max(...known),
  }
}
