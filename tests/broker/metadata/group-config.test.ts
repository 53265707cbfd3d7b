import { expect, test } from 'vitest'
import { describedGroupConfigs } from '../../../broker/metadata/described-configs.ts'
import { validateGroupConfigs } from '../../../broker/metadata/group-config.ts'
import { startDurationMs } from '../../../broker/metadata/share-group-config.ts'

const layers = [{ source: 4, configs: new Map([['group.share.heartbeat.interval.ms', '6000']]) }]

test.each([
  // As Apache Kafka 4.3.1 puts it.
  [{ 'share.record.lock.duration.ms': '1' }, 'Value must be at least 1000'],
  [{ 'share.record.lock.duration.ms': '14999' }, 'greater than or equal to group.share.min.record.lock.duration.ms'],
  [{ 'share.session.timeout.ms': '60001' }, 'less than or equal to group.share.max.session.timeout.ms'],
  [{ 'share.auto.offset.reset': 'foo' }, "either 'earliest', 'latest' or of the format"],
  [{ 'share.isolation.level': 'serializable' }, 'String must be one of'],
  [{ 'consumer.heartbeat.interval.ms': '20000' }, 'group.consumer.max.heartbeat.interval.ms'],
  [{ 'no.such.config': '1' }, 'Unknown group config name: no.such.config'],
])('a group may not set %o', (configs, message) => {
  expect(() => validateGroupConfigs(new Map(Object.entries(configs)), [])).toThrow(message)
})

test.each([
  [{ 'share.auto.offset.reset': 'by_duration:PT1H30M' }],
  [{ 'share.auto.offset.reset': 'earliest', 'share.isolation.level': 'read_committed' }],
  [{ 'share.delivery.count.limit': '10', 'share.record.lock.duration.ms': '15000' }],
])('a group may set %o', (configs) => {
  expect(() => validateGroupConfigs(new Map(Object.entries(configs)), [])).not.toThrow()
})

test('a group inherits from the brokers what it does not set', () => {
  const described = describedGroupConfigs(new Map([['share.auto.offset.reset', 'earliest']]), layers)
  const find = (name: string) => described.find((config) => config.name === name)
  expect(find('share.heartbeat.interval.ms')).toMatchObject({ value: '6000', source: 4 })
  expect(find('share.auto.offset.reset')).toMatchObject({
    value: 'earliest',
    source: 8,
    synonyms: [
      { name: 'share.auto.offset.reset', value: 'earliest', source: 8 },
      { name: 'share.auto.offset.reset', value: 'latest', source: 5 },
    ],
  })
})

test.each([
  ['by_duration:P1DT2H', 26 * 3_600_000],
  ['by_duration:PT0.5S', 500],
  ['by_duration:P', undefined],
  ['by_duration:PT', undefined],
  ['by_duration:-PT1H', undefined],
  ['latest', undefined],
])('%s is %o milliseconds ago', (start, durationMs) => {
  expect(startDurationMs(start)).toBe(durationMs)
})
