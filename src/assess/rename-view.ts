import { t } from '../messages/translate';
import { freeName } from '../sql/free-name';
import { formatIdentifier, formatQualifiedName, quoteLiteral, type QualifiedName } from '../sql/identifier';
import type { ChangeFindings } from './change-facts';
import type { Look } from './changes/change-type';
import type { RenameColumn } from './changes/rename-column';
import { lookAtPlace } from './stand-in-view';

/** What the table is called while a view has its name. */
export function renamedTable(table: QualifiedName, takenNames: readonly string[]): QualifiedName {
  return { schema: table.schema, name: freeName(table.name, '_base', new Set(takenNames)) };
}

/** What has to be known where a view offers both names of a column. Reads only. */
export async function lookAtRenameView(change: RenameColumn, at: Look): Promise<ChangeFindings> {
  const { session, table, signal } = at;
  const { rows } = await session.query<{ name: string }>(
    `SELECT relname::text AS name FROM pg_catalog.pg_class WHERE relnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = $1)
      UNION SELECT typname::text FROM pg_catalog.pg_type WHERE typnamespace = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = $1)`,
    [table.name.schema],
    { signal },
  );
  const takenNames = rows.map(({ name }) => name);
  const { blockers, ...facts } = await lookAtPlace(at, renamedTable(table.name, takenNames));
  return { ...facts, takenNames, blockers: [...blockers, ...(await namingTriggers(change, at))] };
}

/** A function of a trigger gets the row of the table itself, which has only the new name. */
async function namingTriggers({ from }: RenameColumn, { session, table, signal }: Look): Promise<string[]> {
  const word = `(^|[^[:alnum:]_])${from.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}([^[:alnum:]_]|$)`;
  const { rows } = await session.query<{ signature: string }>(
    `SELECT DISTINCT p.oid::pg_catalog.regprocedure::text AS signature
       FROM pg_catalog.pg_trigger g JOIN pg_catalog.pg_proc p ON p.oid = g.tgfoid
      WHERE (g.tgrelid = pg_catalog.to_regclass($1) OR g.tgrelid IN (SELECT inhrelid FROM pg_catalog.pg_inherits WHERE inhparent = pg_catalog.to_regclass($1)))
        AND NOT g.tgisinternal AND p.prosrc ~* ${quoteLiteral(word)}
      ORDER BY 1`,
    [formatQualifiedName(table.name)],
    { signal },
  );
  return rows.map(({ signature }) =>
    t(
      'The trigger function {0} names {1}, which the rows it gets no longer have once the column is called otherwise. Make it read the row by to_jsonb(NEW) under both names first, or rename with a copy, which makes the trigger read both.',
      signature,
      formatIdentifier(from),
    ),
  );
}
