import type { Session } from '../../database/session';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { quoteIdentifier } from '../../sql/identifier';
import type { CopyForeignKey, CopyTable } from './copy-facts';
import { equalKeys } from './sample-rows';

/**
 * Sees that every row references one that is there, as foreign keys were not asked while rows came in. Keys that are NOT VALID say
 * nothing of such rows. Throws `verification-failed` naming the constraint.
 */
export async function verifyReferences(
  session: Session,
  tables: readonly CopyTable[],
  signal: AbortSignal,
): Promise<void> {
  const byOid = new Map(tables.map((table) => [table.oid, table]));
  for (const table of tables) {
    if (table.isPartitioned) continue;
    for (const key of table.foreignKeys) {
      const parent = byOid.get(key.parent);
      if (!parent || !key.isValidated) continue;
      const { rows } = await session.query(violation(table, key, parent), [], { signal });
      if (rows.length > 0) throw incomplete(table, key, parent);
    }
  }
}

function violation(table: CopyTable, key: CopyForeignKey, parent: CopyTable): string {
  const columns = key.columns.map((name) => `c.${quoteIdentifier(name)}`);
  const whole = columns.map((column) => `${column} is not null`).join(' and ');
  const none = columns.map((column) => `${column} is null`).join(' and ');
  const from = parent.isPartitioned ? parent.relation : `only ${parent.relation}`;
  const missing = `${whole} and not exists (select from ${from} p where ${equalKeys(key, 'p', 'c')})`;
  // https://www.postgresql.org/docs/current/sql-createtable.html#SQL-CREATETABLE-PARMS-REFERENCES on MATCH FULL
  const partly = key.isFull ? ` or not (${whole}) and not (${none})` : '';
  return `select 1 as found from only ${table.relation} c where ${missing}${partly} limit 1`;
}

function incomplete(table: CopyTable, key: CopyForeignKey, parent: CopyTable): SwitchbackError {
  const hidden = parent.isFiltered
    ? t('Row security hides rows of it from the role: use one that may read all.')
    : t('See whether they are missing in the database too, or a masking rule parts them.');
  return new SwitchbackError(
    'verification-failed',
    t(
      'The copy is not complete: rows of {0} reference rows of {1} that are not in it (constraint {2}). {3}',
      table.relation,
      parent.relation,
      key.name,
      hidden,
    ),
    { details: { constraint: key.name, table: table.relation } },
  );
}
