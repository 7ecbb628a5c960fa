import { t } from '../messages/translate';
import { formatIdentifier, formatQualifiedName, type QualifiedName } from '../sql/identifier';
import type { ChangeFindings } from './change-facts';
import type { Look } from './changes/change-type';
import { readIndexSurroundings, treeOf } from './partition-tree';
import { namesRelation, ownRoutine } from './routines-that-name';
import { subscriptionsInto } from './stand-in-view';

/** What a table that goes would take along or leave broken, and how much it is used. */
export async function lookAtLeavingTable(at: Look): Promise<ChangeFindings> {
  const { session, table, signal } = at;
  const dependents = await namesOf(at, dependentsOfTable(table.name));
  const routines = await namesOf(at, routinesOfTable(table.name));
  const { rows } = await session.query<{ reads: string; writes: string }>(tableUse(table.name), [], {
    signal,
  });
  return {
    ...(await readIndexSurroundings(at)),
    tableUse: { reads: Number(rows[0]!.reads), writes: Number(rows[0]!.writes) },
    blockers: [
      ...membershipBlockers(at),
      ...dependents.map((name) =>
        t(
          '{0} depends on {1}, which could not be dropped. Change it so that it does without, or drop it, first.',
          name,
          formatQualifiedName(table.name),
        ),
      ),
      ...routines.map((name) =>
        t(
          '{0} names {1} in its text, and would fail. Change it so that it does without, or drop it, first.',
          name,
          formatQualifiedName(table.name),
        ),
      ),
      ...(await lockBlockers(at)),
      ...(await publicationBlockers(at)),
      ...(await subscriptionsInto(at)),
    ],
  };
}

/** SQL of one row with how often the table and its partitions were read and written since statistics began. */
export function tableUse(table: QualifiedName): string {
  return (
    `SELECT coalesce(sum(coalesce(s.seq_scan, 0) + coalesce(s.idx_scan, 0)), 0)::bigint AS reads,\n` +
    `       coalesce(sum(s.n_tup_ins + s.n_tup_upd + s.n_tup_del), 0)::bigint AS writes\n` +
    `  FROM pg_catalog.pg_stat_all_tables s\n WHERE s.relid IN ${treeOf(table)}`
  );
}

/** SQL that lists, as `name`, what depends on the table or its partitions and is no part of them. */
export function dependentsOfTable(table: QualifiedName): string {
  return (
    `SELECT DISTINCT CASE WHEN r.rulename IS DISTINCT FROM '_RETURN' THEN pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid)\n` +
    `            ELSE pg_catalog.pg_describe_object('pg_catalog.pg_class'::regclass, r.ev_class, 0) END AS name\n` +
    `  FROM pg_catalog.pg_depend d\n` +
    `  LEFT JOIN pg_catalog.pg_rewrite r ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND r.oid = d.objid\n` +
    `  LEFT JOIN pg_catalog.pg_constraint k ON d.classid = 'pg_catalog.pg_constraint'::regclass AND k.oid = d.objid\n` +
    `  LEFT JOIN pg_catalog.pg_attrdef f ON d.classid = 'pg_catalog.pg_attrdef'::regclass AND f.oid = d.objid\n` +
    `  LEFT JOIN pg_catalog.pg_trigger g ON d.classid = 'pg_catalog.pg_trigger'::regclass AND g.oid = d.objid\n` +
    `  LEFT JOIN pg_catalog.pg_policy y ON d.classid = 'pg_catalog.pg_policy'::regclass AND y.oid = d.objid\n` +
    ` WHERE d.deptype = 'n'\n` +
    `   AND d.classid <> 'pg_catalog.pg_publication_rel'::regclass\n` +
    `   AND ((d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid IN ${partsOf(table)})\n` +
    `     OR (d.refclassid = 'pg_catalog.pg_type'::regclass AND d.refobjid IN ${rowTypesOf(table)}))\n` +
    `   AND NOT (d.classid = 'pg_catalog.pg_class'::regclass AND d.objid IN ${partsOf(table)})\n` +
    `   AND coalesce(r.ev_class, k.conrelid, f.adrelid, y.polrelid, g.tgrelid, 0) NOT IN ${treeOf(table)}\n` +
    ` ORDER BY 1`
  );
}

/** SQL that lists, as `name`, the routines whose text names the table, apart from those that only its own triggers run. */
export function routinesOfTable(table: QualifiedName): string {
  return (
    `SELECT p.oid::pg_catalog.regprocedure::text AS name\n  FROM pg_catalog.pg_proc p\n` +
    ` WHERE ${ownRoutine}\n   AND ${namesRelation(table)}\n` +
    `   AND NOT (EXISTS (SELECT FROM pg_catalog.pg_trigger g WHERE g.tgfoid = p.oid AND g.tgrelid IN ${treeOf(table)})\n` +
    `     AND NOT EXISTS (SELECT FROM pg_catalog.pg_trigger g WHERE g.tgfoid = p.oid AND g.tgrelid NOT IN ${treeOf(table)}))\n` +
    ` ORDER BY 1`
  );
}

/** With the indexes and the sequences that go with the tables. */
function partsOf(table: QualifiedName): string {
  return (
    `(SELECT * FROM ${treeOf(table)} AS tree UNION SELECT indexrelid FROM pg_catalog.pg_index WHERE indrelid IN ${treeOf(table)}\n` +
    `       UNION SELECT s.objid FROM pg_catalog.pg_depend s WHERE s.classid = 'pg_catalog.pg_class'::regclass\n` +
    `         AND s.refclassid = 'pg_catalog.pg_class'::regclass AND s.refobjsubid > 0 AND s.deptype IN ('a', 'i') AND s.refobjid IN ${treeOf(table)})`
  );
}

function rowTypesOf(table: QualifiedName): string {
  return (
    `(SELECT reltype FROM pg_catalog.pg_class WHERE oid IN ${treeOf(table)} UNION\n` +
    `       SELECT typarray FROM pg_catalog.pg_type WHERE typrelid IN ${treeOf(table)})`
  );
}

async function namesOf({ session, signal }: Look, sql: string): Promise<string[]> {
  const { rows } = await session.query<{ name: string }>(sql, [], { signal });
  return rows.map(({ name }) => name);
}

function membershipBlockers({ table }: Look): string[] {
  const relation = formatQualifiedName(table.name);
  if (table.partitionOf !== null) {
    const parent = formatQualifiedName(table.partitionOf);
    return [t('{0} is a partition of {1}. Detach it first (detach-partition).', relation, parent)];
  }
  return table.inherits.map((parent) =>
    t(
      '{1} shows the rows of {0}, which inherits from it. Run ALTER TABLE {0} NO INHERIT {1} first.',
      relation,
      formatQualifiedName(parent),
    ),
  );
}

/** The tables its foreign keys refer to are locked before it, which needs a privilege that writes them. */
async function lockBlockers({ session, table, signal }: Look): Promise<string[]> {
  const referred = [...new Set(table.foreignKeysOut.map(({ to }) => formatQualifiedName(to)))];
  const { rows } = await session.query<{ relation: string }>(
    `SELECT relation FROM unnest($1::text[]) AS relation
      WHERE NOT pg_catalog.has_table_privilege(current_user, relation, 'UPDATE, DELETE, TRUNCATE') ORDER BY 1`,
    [referred],
    { signal },
  );
  return rows.map(({ relation }) =>
    t(
      'A foreign key of {0} refers to {1}, which the user {2} may not lock. Connect as a user who may write it, too.',
      formatQualifiedName(table.name),
      relation,
      formatIdentifier(session.facts.user),
    ),
  );
}

async function publicationBlockers({ session, table, signal }: Look): Promise<string[]> {
  const { rows } = await session.query<{ name: string; relation: string }>(
    `SELECT p.pubname::text AS name, r.prrelid::pg_catalog.regclass::text AS relation
       FROM pg_catalog.pg_publication_rel r JOIN pg_catalog.pg_publication p ON p.oid = r.prpubid
      WHERE r.prrelid IN ${treeOf(table.name)} ORDER BY 1, 2`,
    [],
    { signal },
  );
  return rows.map(({ name, relation }) =>
    t(
      'The publication {0} sends {1} to subscribers. Run ALTER PUBLICATION {0} DROP TABLE {1} first, and see what they do without it.',
      formatIdentifier(name),
      relation,
    ),
  );
}
