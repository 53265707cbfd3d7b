import { type Decoded, type Encodable, structure, uuid } from '../schema.ts'

export const removeTopicRecord = structure({
  name: 'RemoveTopicRecord',
  recordType: 9,
  versions: '0',
  flexible: '0+',
  fields: [uuid('topicId')],
})

export type RemoveTopicRecord = Decoded<typeof removeTopicRecord>
export type RemoveTopicRecordBody = Encodable<typeof removeTopicRecord>
