const nameLengthMax = 249
const legalName = /^[a-zA-Z0-9._-]+$/

/** Topics that Kafka itself writes. */
export const internalTopics: ReadonlySet<string> = new Set([
  '__consumer_offsets',
  '__transaction_state',
  '__share_group_state',
])

/** What is wrong with a topic's name in Kafka's words, or nothing. */
export function findTopicNameFault(name: string): string | undefined {
  if (name.length === 0) return 'the empty string is not allowed'
  if (name === '.' || name === '..') return `'${name}' is not allowed`
  if (name.length > nameLengthMax) {
    return `the length of '${name}' is longer than the max allowed length ${nameLengthMax}`
  }
  if (!legalName.test(name)) {
    return `'${name}' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'`
  }
  return undefined
}
