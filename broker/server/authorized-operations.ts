/** Bit sets of Kafka's AclOperation codes. Without an authorizer every operation is allowed to everyone. */
export const everyTopicOperation = bits([3, 4, 5, 6, 7, 8, 10, 11])
export const everyGroupOperation = bits([3, 6, 8, 10, 11])
export const everyClusterOperation = bits([5, 7, 8, 9, 10, 11, 12])

/** Kafka's answer where the operations were not asked for. */
export const operationsNotAsked = -2147483648

function bits(operations: readonly number[]): number {
  return operations.reduce((set, operation) => set | (1 << operation), 0)
}
