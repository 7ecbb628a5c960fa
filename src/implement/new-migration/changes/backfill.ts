import { dollarQuoted } from '../../../sql/dollar-quoted';
import { t } from '../../../messages/translate';
import { formatIdentifier, formatQualifiedName, quoteLiteral } from '../../../sql/identifier';
import { backfillSql, type BackfillSql, type BackfillTarget } from '../backfill-sql';
import type { MigrationSql } from '../migration-sql';

/** Rows of one batch: few enough that nobody waits for long on a row that is being written. */
export const batchRows = 1000;

/** A backfill as SQL alone: one DO statement that commits after each batch. */
export function backfill(target: BackfillTarget): MigrationSql {
  const sql = backfillSql(target);
  const column = formatIdentifier(target.column);
  const relation = formatQualifiedName(target.table);
  const checkpoint = formatQualifiedName(target.checkpoint);
  return {
    title: t('Fill {0}.{1} in batches', relation, column),
    notes: [
      t(
        'Walks {0} by key range, {1} rows at a time. Each batch is committed together with its checkpoint in the table {2}, so that no lock is held for long, and what was stopped goes on behind the last batch when this is run again: no row is written twice.',
        relation,
        batchRows,
        checkpoint,
      ),
      t(
        'It commits by itself, so it must be the only statement of its file and must not be run inside a transaction. A batch that cannot have its rows within two seconds is tried again.',
      ),
      t(
        'Run "Switchback: Plan a Change…" instead to watch it, pause it and see how long it takes, or to keep old and new application versions in step while it runs.',
      ),
    ],
    up: [`do ${dollarQuoted(doBody(sql, indentation(target)))}`],
    downNotes: downNotes(column),
    down: [sql.drop],
    transactional: false,
  };
}

/** What a way back of a backfill is: its checkpoint goes, its values stay. */
export function downNotes(column: string): string[] {
  return [
    t(
      'Removes the checkpoint, so that the walk begins anew. The values written into {0} stay: what was there before is not kept anywhere.',
      column,
    ),
  ];
}

/** COMMIT in a DO block: https://www.postgresql.org/docs/current/plpgsql-transactions.html */
function doBody(sql: BackfillSql, indented: Indentation): string {
  return `declare
  switchback_attempts integer := 0;
  switchback_done bigint := 0;
  switchback_finished boolean;
begin
  if ${sql.fresh} then
    if not ${indented(sql.keyHolds, 4)} then
      raise exception using message = ${quoteLiteral(keyMessage())};
    end if;
${sql.create.map((statement) => `    ${indented(statement, 4)};`).join('\n')}
    commit;
  end if;
  loop
    begin
      perform set_config('lock_timeout', '2s', true);
      ${indented(sql.lock, 6)}
        into strict switchback_done, switchback_finished;
      if not switchback_finished then
        ${indented(sql.batch(String(batchRows)), 8)}
        into strict switchback_done, switchback_finished;
      end if;
      switchback_attempts := 0;
    exception when lock_not_available or deadlock_detected then
      switchback_attempts := switchback_attempts + 1;
      if switchback_attempts >= 20 then
        raise;
      end if;
    end;
    commit;
    exit when switchback_finished;
    if switchback_attempts > 0 then
      perform pg_sleep(least(0.1 * 2 ^ switchback_attempts, 5) * (0.75 + random() / 2));
    else
      raise notice '% rows written', switchback_done;
    end if;
  end loop;
end`;
}

/** Said by the server when the key does not identify rows. */
export function keyMessage(): string {
  return t(
    'The key of this backfill is not the whole of a unique index without NULLs: a walk by it could miss rows or write them twice. Name the primary key instead.',
  );
}

type Indentation = (sql: string, spaces: number) => string;

/** Line breaks inside a name or a literal are part of it: with any there, nothing is indented. */
function indentation(target: BackfillTarget): Indentation {
  const { table, checkpoint } = target;
  const written = [
    table.schema,
    table.name,
    checkpoint.name,
    target.column,
    target.expression,
    ...target.key,
  ];
  if (written.some((text) => text.includes('\n'))) return (sql) => sql;
  return (sql, spaces) => sql.replaceAll('\n', `\n${' '.repeat(spaces)}`);
}
