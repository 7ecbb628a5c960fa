/** From sqlx-postgres/src/migrate.rs: the lock's number is the CRC-32 of the database's name times this. */
const factor = 0x3d32ad9e;

/** Takes the advisory lock that sqlx holds while it migrates a database. */
export function takeSqlxLock(): string {
  return lockSql('pg_advisory_lock');
}

/** Releases what `takeSqlxLock` took. */
export function releaseSqlxLock(): string {
  return lockSql('pg_advisory_unlock');
}

/** CRC-32/ISO-HDLC bit by bit: get_bit counts from the least significant bit, which is this CRC's order. */
function lockSql(lockFunction: string): string {
  return `with recursive input(bytes) as (
  select convert_to(current_database()::text, 'UTF8')
), crc(bits, value) as (
  select 0, 4294967295::int8
  union all
  select crc.bits + 1, (crc.value >> 1)
    # (case when (crc.value & 1) <> get_bit(input.bytes, crc.bits) then 3988292384 else 0 end)
  from crc, input where crc.bits < length(input.bytes) * 8
)
select ${lockFunction}((value # 4294967295) * ${factor}::int8)
from crc order by bits desc limit 1`;
}
