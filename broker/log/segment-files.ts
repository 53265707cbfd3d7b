export const segmentSuffixes = {
  log: '.log',
  index: '.index',
  timeIndex: '.timeindex',
  transactionIndex: '.txnindex',
  snapshot: '.snapshot',
} as const
export const deletedSuffix = '.deleted'
/** A segment that cleaning is writing. */
export const cleanedSuffix = '.cleaned'
/** One that is whole and takes the place of those that it was made from. */
export const swapSuffix = '.swap'

/** Files are named by the first offset they may hold, in 20 digits. */
export function segmentFileName(baseOffset: number, suffix: string): string {
  return String(baseOffset).padStart(20, '0') + suffix
}

/** The offset in a file's name; undefined for other files. */
export function parseSegmentFileName(name: string, suffix: string): number | undefined {
  return name.length === 20 + suffix.length && name.endsWith(suffix) && /^\d{20}/.test(name)
    ? Number(name.slice(0, 20))
    : undefined
}
