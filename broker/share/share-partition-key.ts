/** One partition of a topic as one share group sees it. */
export interface SharePartitionKey {
  readonly groupId: string
  readonly topicId: string
  readonly partition: number
}

/** As clients and brokers name it where its coordinator is looked for. */
export function coordinatorKeyOf({ groupId, topicId, partition }: SharePartitionKey): string {
  return `${groupId}:${topicId}:${partition}`
}

/** Whether a text is such a name. The group's id may hold colons itself. */
export function isCoordinatorKey(text: string): boolean {
  return /^.+:[\w-]{22}:\d+$/s.test(text)
}
