import { type Decoded, type Encodable, int64, structure } from '../schema.ts'

export const abortedTxn = structure({
  name: 'AbortedTxn',
  versions: '0',
  flexible: 'none',
  fields: [int64('producerId'), int64('firstOffset'), int64('lastOffset'), int64('lastStableOffset')],
})

export type AbortedTxn = Decoded<typeof abortedTxn>
export type AbortedTxnBody = Encodable<typeof abortedTxn>
