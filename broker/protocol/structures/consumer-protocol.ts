import { array, bytes, type Decoded, type Encodable, int32, string, structure } from '../schema.ts'

export const consumerProtocolSubscription = structure({
  name: 'ConsumerProtocolSubscription',
  versions: '0-3',
  flexible: 'none',
  fields: [
    array('topics', 'string'),
    bytes('userData', { nullable: '0+', default: null }),
    array('ownedPartitions', [string('topic'), array('partitions', 'int32')], { versions: '1+' }),
    int32('generationId', { versions: '2+', default: -1 }),
    string('rackId', { versions: '3+', nullable: '3+', default: null }),
  ],
})

export const consumerProtocolAssignment = structure({
  name: 'ConsumerProtocolAssignment',
  versions: '0-3',
  flexible: 'none',
  fields: [
    array('assignedPartitions', [string('topic'), array('partitions', 'int32')]),
    bytes('userData', { nullable: '0+', default: null }),
  ],
})

export type ConsumerProtocolSubscription = Decoded<typeof consumerProtocolSubscription>
export type ConsumerProtocolSubscriptionBody = Encodable<typeof consumerProtocolSubscription>

export type ConsumerProtocolAssignment = Decoded<typeof consumerProtocolAssignment>
export type ConsumerProtocolAssignmentBody = Encodable<typeof consumerProtocolAssignment>
