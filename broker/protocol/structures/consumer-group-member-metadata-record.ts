import { array, bytes, type Decoded, type Encodable, int32, string, struct, structure } from '../schema.ts'

export const consumerGroupMemberMetadataKey = structure({
  name: 'ConsumerGroupMemberMetadataKey',
  recordType: 5,
  versions: '0',
  flexible: 'none',
  fields: [string('groupId'), string('memberId')],
})

export const consumerGroupMemberMetadataValue = structure({
  name: 'ConsumerGroupMemberMetadataValue',
  recordType: 5,
  versions: '0',
  flexible: '0+',
  fields: [
    string('instanceId', { nullable: '0+' }),
    string('rackId', { nullable: '0+' }),
    string('clientId'),
    string('clientHost'),
    array('subscribedTopicNames', 'string'),
    string('subscribedTopicRegex', { nullable: '0+' }),
    int32('rebalanceTimeoutMs', { default: -1 }),
    string('serverAssignor', { nullable: '0+' }),
    struct(
      'classicMemberMetadata',
      [int32('sessionTimeoutMs'), array('supportedProtocols', [string('name'), bytes('metadata')])],
      { nullable: '0+', tag: 0, default: null },
    ),
  ],
})

export type ConsumerGroupMemberMetadataKey = Decoded<typeof consumerGroupMemberMetadataKey>
export type ConsumerGroupMemberMetadataKeyBody = Encodable<typeof consumerGroupMemberMetadataKey>

export type ConsumerGroupMemberMetadataValue = Decoded<typeof consumerGroupMemberMetadataValue>
export type ConsumerGroupMemberMetadataValueBody = Encodable<typeof consumerGroupMemberMetadataValue>
