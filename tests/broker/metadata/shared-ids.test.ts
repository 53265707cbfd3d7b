import { describe, expect, it } from 'vitest'
import { SharedIds } from '../../../broker/metadata/shared-ids.ts'

describe('lists of broker ids', () => {
  it('are one list for all who have the same ids in the same order', () => {
    const ids = new SharedIds()
    expect(ids.share([1, 2, 3])).toBe(ids.share([1, 2, 3]))
    expect(ids.share([1, 2, 3])).not.toBe(ids.share([3, 2, 1]))
    expect(ids.share([1, 23])).not.toBe(ids.share([12, 3]))
    expect(ids.share([])).toEqual([])
  })

  it('do not follow what becomes of the list they were made from', () => {
    const ids = new SharedIds()
    const own = [1, 2]
    const shared = ids.share(own)
    own.push(3)
    expect(shared).toEqual([1, 2])
  })
})
