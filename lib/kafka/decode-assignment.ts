/**
 * A member's assignment in the `consumer` protocol: int16 version, then topics with their partitions. `undefined` when
 * the bytes are something else: a group's members may speak a protocol of their own.
 */
export function decodeAssignment(bytes: Buffer): Map<string, number[]> | undefined {
  try {
    const assignments = new Map<string, number[]>()
    if (bytes.length === 0) return assignments
    let position = 2
    const topics = bytes.readInt32BE(position)
    position += 4
    for (let i = 0; i < topics; i++) {
      const length = bytes.readInt16BE(position)
      const topic = bytes.toString('utf8', position + 2, position + 2 + length)
      position += 2 + length
      const partitions: number[] = []
      const count = bytes.readInt32BE(position)
      position += 4
      for (let j = 0; j < count; j++, position += 4) partitions.push(bytes.readInt32BE(position))
      assignments.set(topic, partitions)
    }
    return assignments
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}
