/** The key column of each table that deltas change row by row. Tables not named here are replaced whole. */
export const rowKeys = { topics: 'name', groups: 'id', brokers: 'id', partitions: 'partition', open: 'id' } as const
