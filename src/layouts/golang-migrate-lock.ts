import { quoteLiteral } from '../sql/identifier';
import type { HistoryTable } from './layout';

/** From golang-migrate's database/util.go: its lock id is a CRC-32 times this, modulo 2^32. */
const salt = 1486364155;

/**
 * Takes the advisory lock golang-migrate takes. Its id is the CRC-32 of schema, table and database name joined
 * by NUL. The name is `/shop` when the tool was started with a URL, as its command line is, and `shop` when a
 * program passes a connection, so both are locked; the tool takes one, so it cannot deadlock with us.
 */
export function takeToolLock(table: HistoryTable): string {
  return lockSql('pg_advisory_lock', table);
}

/** Releases what `takeToolLock` took. */
export function releaseToolLock(table: HistoryTable): string {
  return lockSql('pg_advisory_unlock', table);
}

/** CRC-32 (IEEE) bit by bit: get_bit counts from the least significant bit, which is this CRC's order. */
function lockSql(lockFunction: string, { schema, name }: HistoryTable): string {
  const schemaText = schema === null ? 'current_schema()' : `${quoteLiteral(schema)}::text`;
  return `with recursive input(variant, bytes) as (
  select variant, convert_to(${schemaText}, 'UTF8') || decode('00', 'hex') || convert_to(${quoteLiteral(name)}, 'UTF8') || decode('00', 'hex')
    || convert_to(prefix || current_database(), 'UTF8')
  from (values (1, '/'), (2, '')) as names(variant, prefix)
), crc(variant, bits, value) as (
  select variant, 0, 4294967295::int8 from input
  union all
  select crc.variant, crc.bits + 1, (crc.value >> 1)
    # (case when (crc.value & 1) <> get_bit(input.bytes, crc.bits) then 3988292384 else 0 end)
  from crc join input using (variant) where crc.bits < length(input.bytes) * 8
)
select ${lockFunction}((value # 4294967295) * ${salt} % 4294967296)
from (select variant, value from crc join input using (variant)
  where bits = length(bytes) * 8 order by variant) as ids`;
}
