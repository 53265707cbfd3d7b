import { errorCodes, KafkaError } from '../protocol/errors.ts'

const nameLengthMax = 249
const legalName = /^[a-zA-Z0-9._-]+$/

/** Where groups and their offsets are kept. */
export const offsetsTopicName = '__consumer_offsets'

/** Where transactional ids and their transactions are kept. */
export const transactionStateTopicName = '__transaction_state'

/** Where the share coordinator keeps what share groups have acknowledged. */
export const shareStateTopicName = '__share_group_state'

/** The log of the controller, which clients do not see as a topic. */
export const clusterMetadataTopicName = '__cluster_metadata'

/** Topics that Kafka itself writes. */
export const internalTopics: ReadonlySet<string> = new Set([
  offsetsTopicName,
  transactionStateTopicName,
  shareStateTopicName,
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

/** Throws INVALID_TOPIC_EXCEPTION with Kafka's sentence. */
export function validateTopicName(name: string): void {
  const fault = findTopicNameFault(name)
  if (fault !== undefined) throw new KafkaError(errorCodes.INVALID_TOPIC_EXCEPTION, `Topic name is invalid: ${fault}`)
}

/** Metric names cannot tell `.` from `_`, so topics that differ only in them may not both exist. */
export function requireNoCollision(name: string, existing: Iterable<string>): void {
  if (!/[._]/.test(name)) return
  const unified = unify(name)
  for (const other of existing) {
    if (other === name || unify(other) !== unified) continue
    const message = `Topic '${name}' collides with existing topic: ${other}`
    throw new KafkaError(errorCodes.INVALID_TOPIC_EXCEPTION, message)
  }
}

function unify(name: string): string {
  return name.replaceAll('.', '_')
}
