import type { BrokerSettings } from './broker-config.ts'
import { type ConfigValues, int, parseConfigs } from './config-definition.ts'

/** What a consumer group (KIP-848) can set for itself. The broker config of the same meaning is the default. */
export const consumerGroupConfigs = [
  int('consumer.session.timeout.ms', {
    default: '45000',
    documentation: 'A member that has not been heard of for this long has left the group.',
  }),
  int('consumer.heartbeat.interval.ms', {
    default: '5000',
    documentation: 'How often the members of the group are told to report.',
  }),
  int('consumer.assignment.interval.ms', {
    default: '1000',
    documentation: 'The shortest time from one assignment of partitions to the next.',
  }),
] as const

export type ConsumerGroupConfig = ConfigValues<typeof consumerGroupConfigs>

/** A group's configs as they apply. */
export function resolveConsumerGroupConfig(
  overrides: ReadonlyMap<string, string>,
  settings: BrokerSettings,
): ConsumerGroupConfig {
  const inherited: Readonly<Record<string, number>> = {
    'consumer.session.timeout.ms': settings.groupConsumerSessionTimeoutMs,
    'consumer.heartbeat.interval.ms': settings.groupConsumerHeartbeatIntervalMs,
    'consumer.assignment.interval.ms': settings.groupConsumerAssignmentIntervalMs,
  }
  return parseConfigs(consumerGroupConfigs, ({ name, default: fallback }) => {
    return overrides.get(name) ?? inherited[name]?.toString() ?? fallback
  })
}
