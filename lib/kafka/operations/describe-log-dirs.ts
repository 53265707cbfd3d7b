import { wireOperation } from '../operation.ts'

export interface DescribedLogDir {
  readonly errorCode: number
  readonly path: string
  readonly topics: {
    readonly name: string
    readonly partitions: {
      readonly partition: number
      readonly sizeBytes: number
      readonly offsetLag: number
      /** A copy on its way from another log dir of the same broker. */
      readonly isFuture: boolean
    }[]
  }[]
  /** -1: not known to the broker. */
  readonly totalBytes: number
  readonly usableBytes: number
}

export interface DescribeLogDirsResponse {
  readonly throttleTimeMs: number
  readonly errorCode: number
  readonly logDirs: DescribedLogDir[]
}

/** DescribeLogDirs (35) v4: every replica on one broker, with its size. */
export const describeLogDirs = wireOperation<null, DescribeLogDirsResponse>({
  api: 35,
  name: 'DescribeLogDirs',
  minVersion: 4,
  maxVersion: 4,
  encode(writer) {
    writer.compactArray(null, () => undefined).noTags()
  },
  decode(reader) {
    const throttleTimeMs = reader.int32()
    const errorCode = reader.int16()
    const logDirs = reader.compactArray(() => {
      const logDirErrorCode = reader.int16()
      const path = reader.compactString()
      const topics = reader.compactArray(() => {
        const name = reader.compactString()
        const partitions = reader.compactArray(() => {
          const partition = {
            partition: reader.int32(),
            sizeBytes: reader.int64AsNumber(),
            offsetLag: reader.int64AsNumber(),
            isFuture: reader.boolean(),
          }
          reader.skipTags()
          return partition
        })
        reader.skipTags()
        return { name, partitions }
      })
      const totalBytes = reader.int64AsNumber()
      const usableBytes = reader.int64AsNumber()
      reader.skipTags()
      return { errorCode: logDirErrorCode, path, topics, totalBytes, usableBytes }
    })
    return { throttleTimeMs, errorCode, logDirs }
  },
})
