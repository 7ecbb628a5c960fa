import { plannedTableFacts } from '../catalog/planned-table-facts';
import { readTableFacts } from '../catalog/read-table-facts';
import type { TableFacts } from '../catalog/table-facts';
import type { Session } from '../database/session';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { formatIdentifier, formatQualifiedName, type QualifiedName } from '../sql/identifier';
import { changeTypeOf, type SingleChange } from './change';

/**
 * What is known of what a change is about: a table or view that is there, or what it is going to make, which is empty.
 * Throws `not-found`, and `already-done` where the new name is taken.
 */
export async function readSubject(session: Session, change: SingleChange): Promise<TableFacts> {
  const { subject = 'table' } = changeTypeOf(change);
  if (subject === 'table' || subject === 'view') return readTableFacts(session, change.table);
  if (subject === 'any') return readIfThere(session, change.table);
  if (subject === 'routine') return readRoutineSubject(session, change.table);
  if (subject === 'type') return readTypeSubject(session, change.table);
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

/** A function has no rows; who may replace which of its name is the change's own question. */
async function readRoutineSubject(session: Session, name: QualifiedName): Promise<TableFacts> {
  const { rows } = await session.query<{ owner: string }>(
    `select pg_catalog.pg_get_userbyid(p.proowner)::text as owner
       from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
      where n.nspname = $1 and p.proname = $2 limit 1`,
    [name.schema, name.name],
  );
  if (rows[0]) return plannedTableFacts(name, { owner: rows[0].owner, may: true });
  throw new SwitchbackError(
    'not-found',
    t(
      'There is no function {0}. Correct the name; a function that is new needs no plan, as nobody calls it yet.',
      formatQualifiedName(name),
    ),
  );
}

/** A composite type has no rows; who may alter it is the change's own question. */
async function readTypeSubject(session: Session, name: QualifiedName): Promise<TableFacts> {
  const { rows } = await session.query<{ owner: string }>(
    `select pg_catalog.pg_get_userbyid(c.relowner)::text as owner
       from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where n.nspname = $1 and c.relname = $2 and c.relkind = 'c'`,
    [name.schema, name.name],
  );
  if (rows[0]) return plannedTableFacts(name, { owner: rows[0].owner, may: true });
  throw new SwitchbackError(
    'not-found',
    t(
      'There is no composite type {0}. Correct the name; the columns of a table have changes of their own.',
      formatQualifiedName(name),
    ),
  );
}

/** What is known of a table or view; of anything else, that it has no rows. */
async function readIfThere(session: Session, name: QualifiedName): Promise<TableFacts> {
  const { rows } = await session.query<{ there: boolean; owner: string }>(
    `select exists (select from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                     where n.nspname = $1 and c.relname = $2 and c.relkind in ('r', 'p', 'v', 'm', 'f')) as there,
            current_user as owner`,
    [name.schema, name.name],
  );
  const { there, owner } = rows[0]!;
  return there ? readTableFacts(session, name) : plannedTableFacts(name, { owner, may: true });
}
