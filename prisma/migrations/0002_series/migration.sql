-- Series live outside the Prisma schema: it cannot declare partitioned tables. Written and read by lib/monitor/store.

-- The dictionary: names are here and nowhere else. `identity` tells a topic from its namesake that was deleted before
-- (Kafka's topic id). A series has a fixed slot in a block of its cluster and kind. `name_hash` is the SHA-256 of its
-- names, which are too long for an index: a group id may have 64 KB.
create table series (
  id integer generated always as identity primary key,
  cluster_id text not null,
  kind text not null,
  subject text not null,
  identity text not null,
  block_id integer not null,
  slot smallint not null,
  name_hash bytea not null unique,
  created_at timestamptz(3) not null default now(),
  last_seen date not null
) with (fillfactor = 80);

create table series_block (
  id integer generated always as identity primary key,
  cluster_id text not null,
  kind text not null
);

-- The last hours, one row a block and tick: slot after slot, column after column, float8 big-endian, NaN for no sample.
create table hot_block (
  block_id integer not null,
  ts timestamptz(3) not null,
  data bytea not null,
  primary key (block_id, ts) with (fillfactor = 100)
) partition by range (ts);

-- One series and hour (hours since 1970): all columns, encoded by lib/monitor/store/chunk-codec.ts.
create table raw_chunk (
  series_id integer not null,
  hour integer not null,
  step_ms integer not null,
  samples integer not null,
  enc smallint not null,
  data bytea not null,
  primary key (series_id, hour) with (fillfactor = 100)
) partition by range (hour);

-- Hours whose chunks are all written: what is older than these and still in hot_block is rebuilt from there.
create table closed_hour (
  hour integer primary key,
  closed_at timestamptz(3) not null default now()
);
