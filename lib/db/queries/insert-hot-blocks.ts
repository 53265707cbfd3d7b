import type pg from 'pg'

export interface HotBlockRow {
  readonly blockId: number
  readonly data: Buffer
}

/**
 * Stores one tick. The commit does not wait for the disk: what a power cut may take is this tick, and the next one is
 * seconds away. A tick that is there already stays as it is.
 */
export async function insertHotBlocks(pool: pg.Pool, tickAtMs: number, blocks: readonly HotBlockRow[]): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('begin; set local synchronous_commit = off')
    await client.query(
      `insert into hot_block (block_id, ts, data)
       select block_id, $1, data from unnest($2::integer[], $3::bytea[]) as block (block_id, data)
       on conflict do nothing`,
      [new Date(tickAtMs), blocks.map((block) => block.blockId), blocks.map((block) => block.data)],
    )
    await client.query('commit')
    client.release()
  } catch (error) {
    // The connection goes away with its open transaction.
    client.release(true)
    throw error
  }
}
