import { quoteLiteral } from '../sql/identifier';
import { schemaMade, tableSql } from './history-table';
import type { HistoryTable } from './layout';
import { lockTable } from './liquibase-table';
import { localNow } from './local-time';

const seconds = 3;
const mine = `'Switchback (pid ' || pg_backend_pid() || ')'`;

/** The table as the tool makes it, with its one row. */
export function prepareLock(history: HistoryTable): string {
  return block(`begin
  ${made(history)}
end`);
}

function block(body: string): string {
  return `do ${quoteLiteral(body)}`;
}

function made(history: HistoryTable): string {
  const table = tableSql(lockTable(history));
  return `${schemaMade(history)} if to_regclass(${quoteLiteral(table)}) is null then
    create table ${table} (
      id int not null primary key, locked boolean not null, lockgranted timestamp, lockedby varchar(255)
    );
  end if;
  insert into ${table} (id, locked) select 1, false where not exists (select from ${table} where id = 1);`;
}

/**
 * Takes the tool's lock, which is a row that says who holds it, and gives up after a while with `lock_not_available`. A
 * session of ours that is gone holds it no longer; the tool's own needs `liquibase release-locks`.
 */
export function takeLock(history: HistoryTable, minutes: number): string {
  const table = tableSql(lockTable(history));
  return block(`declare until timestamptz := clock_timestamp() + interval '${seconds} seconds'; begin
  ${made(history)}
  loop
    perform pg_stat_clear_snapshot();
    update ${table} set locked = true, lockgranted = ${localNow(String(minutes))}, lockedby = ${mine}
    where id = 1 and (not locked or lockedby = ${mine} or (lockedby ~ '^Switchback [(]pid [0-9]+[)]$'
      and not exists (select from pg_stat_activity where pid::text = substring(lockedby from '[0-9]+'))));
    exit when found;
    if clock_timestamp() > until then
      raise lock_not_available using message = ${quoteLiteral(`the row of ${table} is held by `)}
        || coalesce((select lockedby from ${table} where id = 1), 'another program');
    end if;
    perform pg_sleep(0.2);
  end loop;
end`);
}

/** Gives the row back where it is ours. */
export function releaseLock(history: HistoryTable): string {
  return `update ${tableSql(lockTable(history))} set locked = false, lockgranted = null, lockedby = null
where id = 1 and lockedby = ${mine}`;
}
