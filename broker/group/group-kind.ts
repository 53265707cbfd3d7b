import type { Reader } from '../protocol/reader.ts'

/**
 * One kind of group in one partition of `__consumer_offsets`: how its groups come from their records. What its members ask
 * for are further methods of the class that implements this; the partition has one of each kind.
 */
export interface GroupKind {
  /** The types of its records' keys. */
  readonly keyTypes: readonly number[]
  /**
   * Applies one record, in the order of the log. Both readers stand after their first int16, which is the key's type and the
   * value's version; the value is undefined where the record removes what its key names. Buffers may be kept.
   */
  replay(record: GroupKindRecord): void
}

export interface GroupKindRecord {
  readonly keyType: number
  readonly key: Reader
  readonly value: { readonly version: number; readonly reader: Reader } | undefined
}
