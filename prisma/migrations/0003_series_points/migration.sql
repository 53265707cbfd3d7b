-- For people who query by hand; the console decodes chunks itself (lib/monitor/store/chunk-codec.ts, encoding 1).

-- One number of up to 63 bits, seven bits a byte, the lowest first; `at_byte` counts bytes from 0.
create function series_varint(data bytea, at_byte integer, out value bigint, out next_byte integer)
language plpgsql immutable strict parallel safe as $$
declare
  shift integer := 0;
  byte integer;
begin
  value := 0;
  next_byte := at_byte;
  loop
    byte := get_byte(data, next_byte);
    value := value | ((byte & 127)::bigint << shift);
    next_byte := next_byte + 1;
    exit when byte < 128;
    shift := shift + 7;
  end loop;
end
$$;

-- The values of one column (from 0) of a chunk, by the number of the tick in its hour.
create function series_chunk_values(data bytea, column_index integer)
returns table (slot integer, value bigint)
language plpgsql immutable strict parallel safe as $$
declare
  at_byte integer := 0;
  size bigint;
  form bigint;
  number bigint;
  first_slot bigint := 0;
  slots bigint := 0;
  bitmap bytea;
  equal_values bigint := 0;
begin
  for skipped in 0 .. column_index loop
    select v.value, v.next_byte into size, at_byte from series_varint(data, at_byte) v;
    exit when skipped = column_index;
    at_byte := at_byte + size;
  end loop;

  select v.value, v.next_byte into form, at_byte from series_varint(data, at_byte) v;
  if form = 0 then
    return;
  elsif form = 1 then
    select v.value, v.next_byte into first_slot, at_byte from series_varint(data, at_byte) v;
    select v.value, v.next_byte into slots, at_byte from series_varint(data, at_byte) v;
    slots := first_slot + slots;
  else
    select v.value, v.next_byte into size, at_byte from series_varint(data, at_byte) v;
    bitmap := substring(data from at_byte + 1 for size::integer);
    at_byte := at_byte + size;
    slots := size * 8;
  end if;

  value := 0;
  for at_slot in first_slot .. slots - 1 loop
    -- Bits count from the lowest of the first byte, here as in the codec.
    continue when bitmap is not null and get_bit(bitmap, at_slot) = 0;
    if equal_values > 0 then
      equal_values := equal_values - 1;
    else
      select v.value, v.next_byte into number, at_byte from series_varint(data, at_byte) v;
      if number = 0 then
        select v.value, v.next_byte into equal_values, at_byte from series_varint(data, at_byte) v;
        equal_values := equal_values - 1;
      end if;
      value := value + case when number & 1 = 1 then -(number >> 1) - 1 else number >> 1 end;
    end if;
    slot := at_slot;
    return next;
  end loop;
end
$$;

-- The written hours of one series: select * from series_points('main', 'topic', 'orders', 1). Rates are in thousandths.
-- The present hour is not here yet; kinds and their columns are in lib/contract/series.ts.
create function series_points(of_cluster text, of_kind text, of_subject text, column_index integer)
returns table (sampled_at timestamptz, value bigint)
language sql stable strict parallel safe as $$
  select to_timestamp(raw_chunk.hour::bigint * 3600 + points.slot * raw_chunk.step_ms / 1000.0), points.value
  from series
  join raw_chunk on raw_chunk.series_id = series.id
  cross join lateral series_chunk_values(raw_chunk.data, column_index) as points
  where series.cluster_id = of_cluster and series.kind = of_kind and series.subject = of_subject
  order by 1
$$;
