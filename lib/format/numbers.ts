/** Between a figure and its unit: a line never breaks there. */
const gap = '\u00a0'
const exactFormat = new Intl.NumberFormat('en-US', { maximumFractionDigits: 3 })

/** `1.24 M`: three significant digits, so that a live figure keeps its width; whole below one thousand. */
export function formatCount(value: number): string {
  return scale(value, 1_000, ['', 'k', 'M', 'G', 'T', 'P'])
}

/** Every digit, for hover and copy: `1,240,000`. */
export function formatExact(value: number): string {
  return exactFormat.format(value)
}

export function formatBytes(bytes: number): string {
  return scale(bytes, 1_024, ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'])
}

/** Records or requests a second: `12.1 k/s`. Below ten, one decimal tells a trickle from nothing. */
export function formatRate(perSecond: number): string {
  if (perSecond === 0) return '0/s'
  const text =
    Math.abs(perSecond) < 0.1
      ? `<${gap}0.1`
      : Math.abs(perSecond) < 10
        ? significant(perSecond, 2)
        : formatCount(perSecond)
  return `${text}/s`
}

export function formatByteRate(bytesPerSecond: number): string {
  return `${formatBytes(bytesPerSecond)}/s`
}

/** `part` of `whole` in percent. */
export function formatShare(part: number, whole: number): string {
  return `${significant((100 * part) / whole, 2)}${gap}%`
}

function scale(value: number, step: number, units: readonly string[]): string {
  let scaled = Math.abs(value)
  let index = 0
  // 999.6 and 1,023.7 are written in the next unit already, or they would round to 1,000 k and 1,024 KiB.
  while (index < units.length - 1 && Math.round(scaled) >= step) {
    scaled /= step
    index += 1
  }
  const sign = value < 0 ? '-' : ''
  const digits = index === 0 ? exactFormat.format(Math.round(scaled)) : significant(scaled, 3)
  const unit = units[index] ?? ''
  return unit === '' ? sign + digits : `${sign}${digits}${gap}${unit}`
}

function significant(value: number, digits: number): string {
  const integerDigits = Math.max(1, Math.floor(Math.log10(Math.max(Math.abs(value), 1))) + 1)
  return value.toFixed(Math.max(0, digits - integerDigits))
}
