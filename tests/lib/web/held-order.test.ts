import { expect, test } from 'vitest'
import { holdOrder } from '../../../lib/web/held-order.ts'

const row = (name: string) => ({ name })
const [a, b, c] = [row('a'), row('b'), row('c')]
const keyOf = ({ name }: { name: string }) => name

test('rows stay where they were while the sorted order changes', () => {
  expect(holdOrder(['a', 'b', 'c'], [c, a, b], keyOf)).toEqual({ rows: [a, b, c], isChanged: true })
})

test('rows that left leave and new ones join at the end', () => {
  expect(holdOrder(['a', 'b'], [c, b], keyOf)).toEqual({ rows: [b, c], isChanged: true })
})

test('an order that did not change is not offered', () => {
  expect(holdOrder(['a', 'b', 'c'], [a, b, c], keyOf).isChanged).toBe(false)
})
