import { type Decoded, type Encodable, int32, structure } from '../schema.ts'

export const endTxnMarker = structure({
  name: 'EndTxnMarker',
  versions: '0',
  flexible: 'none',
  fields: [int32('coordinatorEpoch')],
})

export type EndTxnMarker = Decoded<typeof endTxnMarker>
export type EndTxnMarkerBody = Encodable<typeof endTxnMarker>
