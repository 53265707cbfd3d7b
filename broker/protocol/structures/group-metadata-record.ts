import { array, bytes, type Decoded, type Encodable, int32, int64, string, structure } from '../schema.ts'

export const groupMetadataKey = structure({
  name: 'GroupMetadataKey',
  recordType: 2,
  versions: '0',
  flexible: 'none',
  fields: [string('group')],
})

export const groupMetadataValue = structure({
  name: 'GroupMetadataValue',
  recordType: 2,
  versions: '0-4',
  flexible: '4+',
  fields: [
    string('protocolType'),
    int32('generation'),
    string('protocol', { nullable: '0+' }),
    string('leader', { nullable: '0+' }),
    int64('currentStateTimestamp', { versions: '2+', default: -1 }),
    array('members', [
      string('memberId'),
      string('groupInstanceId', { versions: '3+', nullable: '3+', default: null }),
      string('clientId'),
      string('clientHost'),
      int32('rebalanceTimeout', { versions: '1+', default: -1 }),
      int32('sessionTimeout'),
      bytes('subscription'),
      bytes('assignment'),
    ]),
  ],
})

export type GroupMetadataKey = Decoded<typeof groupMetadataKey>
export type GroupMetadataKeyBody = Encodable<typeof groupMetadataKey>

export type GroupMetadataValue = Decoded<typeof groupMetadataValue>
export type GroupMetadataValueBody = Encodable<typeof groupMetadataValue>
