import { expect, test } from 'vitest'
import { evaluatePartitionHealth, isAtMinInSync, isUnderReplicated } from '../../../lib/domain/partition-health.ts'

const whole = { leader: 1, replicas: [1, 2, 3], inSync: [1, 2, 3], addingReplicas: [] as number[] }

test.each([
  { case: 'all in sync', partition: whole, min: 2, health: 'ok' },
  { case: 'one replica short', partition: { ...whole, inSync: [1, 3] }, min: 2, health: 'atRisk' },
  { case: 'below min ISR: writes are refused', partition: { ...whole, inSync: [1] }, min: 2, health: 'critical' },
  { case: 'no leader', partition: { ...whole, leader: null, inSync: [2] }, min: 1, health: 'critical' },
  { case: 'min ISR not known', partition: { ...whole, inSync: [1] }, min: null, health: 'atRisk' },
  {
    case: 'a replica is being added',
    partition: { ...whole, inSync: [1, 2], addingReplicas: [3] },
    min: 2,
    health: 'ok',
  },
] as const)('health when $case', ({ partition, min, health }) => {
  expect(evaluatePartitionHealth(partition, min)).toBe(health)
})

test('at min ISR counts only what has lost a replica', () => {
  expect(isAtMinInSync({ ...whole, inSync: [1, 2] }, 2)).toBe(true)
  expect(isAtMinInSync({ ...whole, replicas: [1, 2], inSync: [1, 2] }, 2)).toBe(false)
  expect(isUnderReplicated({ ...whole, replicas: [1, 2], inSync: [2, 1] })).toBe(false)
})
