import type { BrokerSettings } from './broker-config.ts'
import {
  atLeast,
  between,
  boolean,
  type ConfigValue,
  type ConfigValues,
  int,
  parseConfigs,
  string,
} from './config-definition.ts'

const fixedStarts: readonly string[] = ['latest', 'earliest']
const durationPrefix = 'by_duration:'

function findStartProblem(value: ConfigValue): string | undefined {
  const start = String(value)
  const isValid = start.startsWith(durationPrefix)
    ? parseDuration(start.slice(durationPrefix.length)) !== undefined
    : fixedStarts.includes(start)
  if (isValid) return undefined
  return `Invalid value \`${start}\` for configuration share.auto.offset.reset. The value must be either 'earliest', 'latest' or of the format 'by_duration:<PnDTnHnMn.nS>'.`
}

/** What a share group can set for itself. Where a broker config of the same meaning exists it is the default. */
export const shareGroupConfigs = [
  int('share.session.timeout.ms', {
    default: '45000',
    documentation: 'A member that has not been heard of for this long has left the group.',
    findProblem: atLeast(1),
  }),
  int('share.heartbeat.interval.ms', {
    default: '5000',
    documentation: 'How often the members of the group are told to report.',
    findProblem: atLeast(1),
  }),
  int('share.assignment.interval.ms', {
    default: '1000',
    documentation: 'Accepted without effect: partitions are assigned at once.',
    findProblem: atLeast(0),
  }),
  int('share.record.lock.duration.ms', {
    default: '30000',
    documentation: 'How long a consumer keeps the records that it was given.',
    findProblem: between(1_000, 3_600_000),
  }),
  int('share.delivery.count.limit', {
    default: '5',
    documentation: 'How often a record is delivered before it is given up.',
    findProblem: atLeast(2),
  }),
  int('share.partition.max.record.locks', {
    default: '2000',
    documentation: 'Records of a partition that the group may have in flight.',
    findProblem: atLeast(100),
  }),
  string('share.auto.offset.reset', {
    default: 'latest',
    documentation:
      'Where a partition starts that the group has not read yet: latest, earliest, or by_duration: and an ISO 8601 duration ' +
      'before now.',
    findProblem: findStartProblem,
  }),
  string('share.isolation.level', {
    default: 'read_uncommitted',
    documentation: 'Whether the group also gets records of transactions that were aborted or are not yet committed.',
    findProblem: (value) =>
      value === 'read_committed' || value === 'read_uncommitted'
        ? undefined
        : 'String must be one of: read_committed, read_uncommitted',
  }),
  boolean('share.renew.acknowledge.enable', {
    default: 'true',
    documentation: 'Whether consumers may extend the time they keep records by a renewing acknowledgement.',
  }),
] as const

export type ShareGroupConfig = ConfigValues<typeof shareGroupConfigs>

/** A group's configs as they apply. */
export function resolveShareGroupConfig(
  overrides: ReadonlyMap<string, string>,
  settings: BrokerSettings,
): ShareGroupConfig {
  const inherited: Readonly<Record<string, number>> = {
    'share.session.timeout.ms': settings.groupShareSessionTimeoutMs,
    'share.heartbeat.interval.ms': settings.groupShareHeartbeatIntervalMs,
    'share.record.lock.duration.ms': settings.groupShareRecordLockDurationMs,
    'share.delivery.count.limit': settings.groupShareDeliveryCountLimit,
    'share.partition.max.record.locks': settings.groupSharePartitionMaxRecordLocks,
  }
  return parseConfigs(shareGroupConfigs, ({ name, default: fallback }) => {
    return overrides.get(name) ?? inherited[name]?.toString() ?? fallback
  })
}

/** How long ago a group starts that has `by_duration:` as its `share.auto.offset.reset`; undefined for the others. */
export function startDurationMs(start: string): number | undefined {
  return start.startsWith(durationPrefix) ? parseDuration(start.slice(durationPrefix.length)) : undefined
}

const durationPattern = /^P(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/i

/** An ISO 8601 duration of days and less, in milliseconds. Undefined for anything else. */
function parseDuration(text: string): number | undefined {
  const match = durationPattern.exec(text)
  if (match === null || text.length < 3) return undefined
  const [days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0))
  return Math.round(((((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0)) * 1_000)
}
