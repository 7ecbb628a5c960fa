import type { Session } from '../database/session';
import type { LayoutExecution } from '../layouts/layout';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { formatIdentifier } from '../sql/identifier';

interface RightsRow {
  name: string;
  owner: string;
  role: string;
  missing: string[];
  sequences: string[];
}

/**
 * Throws `no-privilege`, with the GRANT to ask for, where the role may not write what is recorded of a migration: its
 * history table belongs to another. A table that is not there yet is not asked about.
 */
export async function assertMayRecord(session: Session, execution: LayoutExecution): Promise<void> {
  for (const [table, rights] of rightsNeeded(execution)) {
    const { rows } = await session.query<RightsRow>(rightsSql, [table, [...rights]]);
    const row = rows[0];
    if (!row) continue;
    const sequences = rights.has('INSERT') ? row.sequences : [];
    if (row.missing.length > 0 || sequences.length > 0) throw refused({ ...row, sequences });
  }
}

/** By table as SQL names it. A sequence of an identity column needs no right of its own, that of a serial one does. */
const rightsSql = `select quote_ident(n.nspname) || '.' || quote_ident(c.relname) as name,
  pg_get_userbyid(c.relowner)::text as owner, current_user::text as role,
  array(select wanted from unnest($2::text[]) wanted where not has_table_privilege(c.oid, wanted)) as missing,
  array(select quote_ident(sn.nspname) || '.' || quote_ident(s.relname)
    from pg_depend d join pg_class s on s.oid = d.objid and s.relkind = 'S'
      join pg_namespace sn on sn.oid = s.relnamespace
    where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjid = c.oid
      and d.deptype = 'a'
      -- An index depends on the table as well, and the function throws for it.
      and case s.relkind when 'S' then not has_sequence_privilege(s.oid, 'USAGE') else false end) as sequences
from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = to_regclass($1)`;

const part = '(?:"(?:[^"]|"")+"|[\\w$]+)';
const writes = new RegExp(
  `\\b(insert\\s+into|delete\\s+from|truncate|update)\\s+(${part}(?:\\.${part})?)`,
  'gi',
);
const rightOf: Record<string, string> = {
  insert: 'INSERT',
  delete: 'DELETE',
  truncate: 'TRUNCATE',
  update: 'UPDATE',
};

/** The rights that the statements of an execution ask for, by table. */
function rightsNeeded({ before, record }: LayoutExecution): Map<string, Set<string>> {
  const needed = new Map<string, Set<string>>();
  for (const { sql } of [...before, ...record(0)]) {
    if (/^\s*do\b/i.test(sql)) continue;
    let inserted = '';
    for (const match of sql.matchAll(writes)) {
      const verb = match[1]!.toLowerCase().split(/\s/, 1)[0]!;
      if (verb === 'insert') inserted = match[2]!;
      // `on conflict ... do update set` names no table.
      const table = verb === 'update' && match[2]!.toLowerCase() === 'set' ? inserted : match[2]!;
      const rights = needed.get(table) ?? new Set<string>();
      needed.set(table, rights.add(rightOf[verb]!));
    }
  }
  return needed;
}

function refused({ name, owner, role, missing, sequences }: RightsRow): SwitchbackError {
  const grantee = formatIdentifier(role);
  const grants = [
    ...(missing.length > 0 ? [`grant ${missing.join(', ').toLowerCase()} on ${name} to ${grantee}`] : []),
    ...sequences.map((sequence) => `grant usage on sequence ${sequence} to ${grantee}`),
  ].join('; ');
  return new SwitchbackError(
    'no-privilege',
    t(
      'The role {0} may not write to the history table {1}, which belongs to {2}. Nothing was run. Its owner can allow it: {3}.',
      role,
      name,
      owner,
      grants,
    ),
  );
}
