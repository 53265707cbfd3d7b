import { array, type Decoded, type Encodable, int64, string, structure } from '../schema.ts'

export const consumerGroupRegularExpressionKey = structure({
  name: 'ConsumerGroupRegularExpressionKey',
  recordType: 16,
  versions: '0',
  flexible: 'none',
  fields: [string('groupId'), string('regularExpression')],
})

export const consumerGroupRegularExpressionValue = structure({
  name: 'ConsumerGroupRegularExpressionValue',
  recordType: 16,
  versions: '0',
  flexible: '0+',
  fields: [array('topics', 'string'), int64('version'), int64('timestamp')],
})

export type ConsumerGroupRegularExpressionKey = Decoded<typeof consumerGroupRegularExpressionKey>
export type ConsumerGroupRegularExpressionKeyBody = Encodable<typeof consumerGroupRegularExpressionKey>

export type ConsumerGroupRegularExpressionValue = Decoded<typeof consumerGroupRegularExpressionValue>
export type ConsumerGroupRegularExpressionValueBody = Encodable<typeof consumerGroupRegularExpressionValue>
