import type { Session } from '../../database/session';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { formatQualifiedName, type QualifiedName } from '../../sql/identifier';
import { nearNames } from '../near-names';
import type { TableFacts, TableKind } from '../table-facts';

/** The parts of TableFacts that pg_class itself holds, and what the other readers need. */
export interface FoundTable extends Pick<
  TableFacts,
  'kind' | 'persistence' | 'owner' | 'comment' | 'mayAlter' | 'replicaIdentity' | 'storageParameters'
> {
  oid: number;
  name: QualifiedName;
  rowSecurityEnabled: boolean;
  rowSecurityForced: boolean;
}

const kinds: Record<string, TableKind> = {
  r: 'table',
  p: 'partitioned-table',
  f: 'foreign-table',
  v: 'view',
  m: 'materialized-view',
};
const persistences: Record<string, TableFacts['persistence']> = {
  p: 'permanent',
  u: 'unlogged',
  t: 'temporary',
};
const identities: Record<string, TableFacts['replicaIdentity']> = {
  d: 'default',
  n: 'nothing',
  f: 'full',
  i: 'index',
};

/** Throws `not-found`, with names it may be meant for, when there is no such table or view. */
export async function findTable(session: Session, table: QualifiedName): Promise<FoundTable> {
  const { rows } = await session.query<{
    oid: number;
    kind: string;
    persistence: string;
    owner: string;
    comment: string | null;
    may_alter: boolean;
    identity: string;
    parameters: string[];
    row_security: boolean;
    forced: boolean;
  }>(
    `select c.oid, c.relkind as kind, c.relpersistence as persistence, pg_get_userbyid(c.relowner)::text as owner,
            obj_description(c.oid, 'pg_class') as comment, pg_has_role(c.relowner, 'USAGE') as may_alter,
            c.relreplident as identity, coalesce(c.reloptions, '{}') as parameters,
            c.relrowsecurity as row_security, c.relforcerowsecurity as forced
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = $1 and c.relname = $2 and c.relkind in ('r', 'p', 'f', 'v', 'm')`,
    [table.schema, table.name],
  );
  const row = rows[0];
  if (!row) throw await notFound(session, table);
  return {
    oid: row.oid,
    name: table,
    kind: kinds[row.kind]!,
    persistence: persistences[row.persistence]!,
    owner: row.owner,
    comment: row.comment,
    mayAlter: row.may_alter,
    replicaIdentity: identities[row.identity]!,
    storageParameters: row.parameters,
    rowSecurityEnabled: row.row_security,
    rowSecurityForced: row.forced,
  };
}

async function notFound(session: Session, table: QualifiedName): Promise<SwitchbackError> {
  const { rows } = await session.query<QualifiedName>(
    `select n.nspname::text as schema, c.relname::text as name
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p', 'f', 'v', 'm') and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'switchback')`,
  );
  const near = new Set(
    nearNames(
      table.name,
      rows.map((row) => row.name),
    ),
  );
  const suggestions = rows
    .filter((row) => near.has(row.name))
    .slice(0, 3)
    .map(formatQualifiedName);
  return new SwitchbackError('not-found', sentence(session, table, suggestions));
}

function sentence(session: Session, table: QualifiedName, suggestions: string[]): string {
  const name = formatQualifiedName(table);
  if (suggestions.length === 0) {
    return t(
      'There is no table {0} in the database "{1}". Check its name and schema.',
      name,
      session.facts.database,
    );
  }
  return t(
    'There is no table {0} in the database "{1}". Did you mean {2}?',
    name,
    session.facts.database,
    suggestions.join(', '),
  );
}
