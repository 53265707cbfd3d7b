import type { ConfigEntry } from '../contract/config-entry.ts'

export type ConfigValueFault =
  | { code: 'notInteger' }
  | { code: 'notNumber' }
  | { code: 'notBoolean' }
  | { code: 'belowMin'; min: string }
  | { code: 'aboveMax'; max: string }
  | { code: 'notOneOf'; allowed: readonly string[] }

interface Bounds {
  min?: string
  max?: string
}

const integerBounds: Partial<Record<ConfigEntry['type'], Required<Bounds>>> = {
  short: { min: '-32768', max: '32767' },
  int: { min: '-2147483648', max: '2147483647' },
  long: { min: '-9223372036854775808', max: '9223372036854775807' },
}

/** Tighter than the type, from Kafka 4.3's `LogConfig`. */
const bounds: Readonly<Record<string, Bounds>> = {
  'delete.retention.ms': { min: '0' },
  'file.delete.delay.ms': { min: '0' },
  'flush.messages': { min: '1' },
  'flush.ms': { min: '0' },
  'index.interval.bytes': { min: '0' },
  'max.compaction.lag.ms': { min: '1' },
  'max.message.bytes': { min: '0' },
  'message.timestamp.after.max.ms': { min: '0' },
  'message.timestamp.before.max.ms': { min: '0' },
  'min.cleanable.dirty.ratio': { min: '0', max: '1' },
  'min.compaction.lag.ms': { min: '0' },
  'min.insync.replicas': { min: '1' },
  'retention.ms': { min: '-1' },
  'segment.bytes': { min: '1048576' },
  'segment.index.bytes': { min: '4' },
  'segment.jitter.ms': { min: '0' },
  'segment.ms': { min: '1' },
}

const choices: Readonly<Record<string, readonly string[]>> = {
  'cleanup.policy': ['compact', 'delete'],
  'compression.type': ['uncompressed', 'zstd', 'lz4', 'snappy', 'gzip', 'producer'],
  'message.timestamp.type': ['CreateTime', 'LogAppendTime'],
}

/** What Kafka would refuse in a topic config's value, as far as it follows from the value alone. */
export function findConfigValueFault(
  config: Pick<ConfigEntry, 'name' | 'type'>,
  value: string,
): ConfigValueFault | undefined {
  const text = value.trim()
  const allowed = choices[config.name]
  if (allowed !== undefined) {
    const given = config.type === 'list' ? text.split(',').map((each) => each.trim()) : [text]
    return given.every((each) => allowed.includes(each)) ? undefined : { code: 'notOneOf', allowed }
  }
  switch (config.type) {
    case 'boolean':
      return /^(true|false)$/i.test(text) ? undefined : { code: 'notBoolean' }
    case 'short':
    case 'int':
    case 'long':
      return findIntegerFault(text, { ...integerBounds[config.type], ...bounds[config.name] })
    case 'double':
      return findNumberFault(text, bounds[config.name] ?? {})
    default:
      return undefined
  }
}

function findIntegerFault(text: string, { min, max }: Bounds): ConfigValueFault | undefined {
  if (!/^[+-]?\d{1,40}$/.test(text)) return { code: 'notInteger' }
  const value = BigInt(text.replace('+', ''))
  if (min !== undefined && value < BigInt(min)) return { code: 'belowMin', min }
  if (max !== undefined && value > BigInt(max)) return { code: 'aboveMax', max }
  return undefined
}

function findNumberFault(text: string, { min, max }: Bounds): ConfigValueFault | undefined {
  const value = Number(text)
  if (text === '' || Number.isNaN(value)) return { code: 'notNumber' }
  if (min !== undefined && value < Number(min)) return { code: 'belowMin', min }
  if (max !== undefined && value > Number(max)) return { code: 'aboveMax', max }
  return undefined
}
