import { plannedTableFacts } from '../catalog/planned-table-facts';
import { readTableFacts } from '../catalog/read-table-facts';
import type { TableFacts } from '../catalog/table-facts';
import type { Session } from '../database/session';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { formatIdentifier, formatQualifiedName, type QualifiedName } from '../sql/identifier';
import { changeTypeOf, type Change } from './change';

/**
 * What is known of what a change is about: a table or view that is there, or the empty table it is going to make.
 * Throws `not-found`, and `already-done` where the new name is taken.
 */
export async function readSubject(session: Session, change: Change): Promise<TableFacts> {
  if (changeTypeOf(change).subject !== 'new-table') return readTableFacts(session, change.table);
  const { schema } = change.table;
  const { rows } = await session.query<{ taken: boolean; may: boolean; owner: string }>(
    `select exists (select from pg_catalog.pg_class c where c.relnamespace = n.oid and c.relname = $2) as taken,
            pg_catalog.has_schema_privilege(n.oid, 'CREATE') as may, current_user as owner
       from pg_catalog.pg_namespace n where n.nspname = $1`,
    [schema, change.table.name],
  );
  const [row] = rows;
  if (!row)
    throw new SwitchbackError(
      'not-found',
      t('There is no schema {0}. Create it first, or choose another one.', formatIdentifier(schema)),
    );
  if (row.taken) throw nameTaken(change.table);
  return plannedTableFacts(change.table, row);
}

function nameTaken(name: QualifiedName): SwitchbackError {
  return new SwitchbackError(
    'already-done',
    t('There is something of the name {0} already. Choose another name.', formatQualifiedName(name)),
  );
}
