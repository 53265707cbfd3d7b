const int32Max = 2 ** 31 - 1

/** Kafka's own measure: an index entry more would not fit beside the last one. */
export interface SegmentSize {
  readonly baseOffset: number
  readonly sizeBytes: number
  readonly indexBytes: number
}

/**
 * Which neighbours become one segment: as many as fit into a segment's size, its index and the offsets that are relative
 * to its base, even if nothing can be dropped from them.
 */
export function groupSegments<S extends SegmentSize>(
  segments: readonly S[],
  limits: { segmentBytes: number; segmentIndexBytes: number },
  endOffset: number,
): S[][] {
  const groups: S[][] = []
  let group: S[] = []
  let sizeBytes = 0
  let indexBytes = 0
  for (const [i, segment] of segments.entries()) {
    const first = group[0]
    const lastOffset = (segments[i + 1]?.baseOffset ?? endOffset) - 1
    const fits =
      first !== undefined &&
      sizeBytes + segment.sizeBytes <= limits.segmentBytes &&
      indexBytes + segment.indexBytes <= limits.segmentIndexBytes &&
      lastOffset - first.baseOffset <= int32Max
    if (!fits) {
      group = []
      groups.push(group)
      sizeBytes = 0
      indexBytes = 0
    }
    group.push(segment)
    sizeBytes += segment.sizeBytes
    indexBytes += segment.indexBytes
  }
  return groups
}
