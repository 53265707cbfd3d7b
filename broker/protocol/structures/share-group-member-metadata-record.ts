import { array, type Decoded, type Encodable, string, structure } from '../schema.ts'

export const shareGroupMemberMetadataKey = structure({
  name: 'ShareGroupMemberMetadataKey',
  recordType: 10,
  versions: '0',
  flexible: 'none',
  fields: [string('groupId'), string('memberId')],
})

export const shareGroupMemberMetadataValue = structure({
  name: 'ShareGroupMemberMetadataValue',
  recordType: 10,
  versions: '0',
  flexible: '0+',
  fields: [
    string('rackId', { nullable: '0+' }),
    string('clientId'),
    string('clientHost'),
    array('subscribedTopicNames', 'string'),
  ],
})

export type ShareGroupMemberMetadataKey = Decoded<typeof shareGroupMemberMetadataKey>
export type ShareGroupMemberMetadataKeyBody = Encodable<typeof shareGroupMemberMetadataKey>

export type ShareGroupMemberMetadataValue = Decoded<typeof shareGroupMemberMetadataValue>
export type ShareGroupMemberMetadataValueBody = Encodable<typeof shareGroupMemberMetadataValue>
