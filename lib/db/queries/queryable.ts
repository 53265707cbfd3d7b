import type pg from 'pg'

/** What a statement runs on: the pool, or one of its connections inside a transaction. */
export type Queryable = Pick<pg.Pool | pg.ClientBase, 'query'>
