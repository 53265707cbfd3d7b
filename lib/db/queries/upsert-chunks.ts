import type { Queryable } from './queryable.ts'

export interface ChunkRow {
  readonly seriesId: number
  readonly samples: number
  readonly data: Uint8Array
}

/** Stores chunks of one hour; writing the same hour again replaces it, so that a crash in between does no harm. */
export async function upsertChunks(
  db: Queryable,
  hour: { hour: number; stepMs: number; encoding: number },
  chunks: readonly ChunkRow[],
): Promise<void> {
  await db.query(
    `insert into raw_chunk (series_id, hour, step_ms, samples, enc, data)
     select series_id, $1, $2, samples, $3, data
     from unnest($4::integer[], $5::integer[], $6::bytea[]) as chunk (series_id, samples, data)
     on conflict (series_id, hour) do update
     set step_ms = excluded.step_ms, samples = excluded.samples, enc = excluded.enc, data = excluded.data`,
    [
      hour.hour,
      hour.stepMs,
      hour.encoding,
      chunks.map((chunk) => chunk.seriesId),
      chunks.map((chunk) => chunk.samples),
      chunks.map((chunk) => Buffer.from(chunk.data.buffer, chunk.data.byteOffset, chunk.data.byteLength)),
    ],
  )
}
