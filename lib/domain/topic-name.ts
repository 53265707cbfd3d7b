export type TopicNameFault =
  | { code: 'empty' }
  | { code: 'tooLong'; length: number }
  | { code: 'dots' }
  | { code: 'character'; character: string }
  | { code: 'taken' }
  | { code: 'collides'; topic: string }

const lengthMax = 249

/** What Kafka would refuse in a new topic's name: `org.apache.kafka.common.internals.Topic`, then the names that exist. */
export function findTopicNameFault(name: string, existing: Iterable<string>): TopicNameFault | undefined {
  if (name === '') return { code: 'empty' }
  if (name === '.' || name === '..') return { code: 'dots' }
  if (name.length > lengthMax) return { code: 'tooLong', length: name.length }
  const character = /[^a-zA-Z0-9._-]/u.exec(name)?.[0]
  if (character !== undefined) return { code: 'character', character }
  const unified = unifySeparators(name)
  for (const other of existing) {
    if (other === name) return { code: 'taken' }
    if (unifySeparators(other) === unified) return { code: 'collides', topic: other }
  }
  return undefined
}

/** Kafka's metric names write a dot as an underscore, so that two names that differ only there collide. */
function unifySeparators(name: string): string {
  return name.replaceAll('.', '_')
}
