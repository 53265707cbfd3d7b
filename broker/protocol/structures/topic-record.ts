import { type Decoded, type Encodable, string, structure, uuid } from '../schema.ts'

export const topicRecord = structure({
  name: 'TopicRecord',
  recordType: 2,
  versions: '0',
  flexible: '0+',
  fields: [string('name'), uuid('topicId')],
})

export type TopicRecord = Decoded<typeof topicRecord>
export type TopicRecordBody = Encodable<typeof topicRecord>
