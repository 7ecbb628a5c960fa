import { withQualifiedOutput } from '../catalog/qualified-output';
import type { TableFacts, ViewDependent } from '../catalog/table-facts';
import { t } from '../messages/translate';
import { readKnownSchema } from '../safety/read-known-schema';
import { formatIdentifier, formatQualifiedName } from '../sql/identifier';
import type { ChangeFindings, IndexPart } from './change-facts';
import type { Look } from './changes/change-type';
import { readIndexParts } from './index-parts';
import { dependentsOfTable } from './leaving-table';
import { readMaterializedViewSettings, type MaterializedViewSettings } from './materialized-view-settings';
import { relationsOf } from './raw/look-at-raw-sql';
import { checkQuery, shapeOf, type ViewColumn } from './replaced-view';
import { readRights, type Rights } from './rights';
import { strongestLockOf, type StrongestLock } from './strongest-lock';

/** A materialized view whose query changes, with all that brings it back as it was. */
export interface ReplacedMaterializedView extends MaterializedView {
  rights: Rights;
  indexes: IndexPart[];
  settings: MaterializedViewSettings;
  /** Columns that the new query gives. */
  columns: string[];
  /** Columns that the new query gives with another type. */
  retyped: string[];
  /** Whether the new query gives the columns there are, in their places, with their types. */
  keepsColumns: boolean;
  /** Views that read it, which have to be pointed to the new one. */
  views: ViewDependent[];
  /** The lock that reading the new query takes; null where it reads nothing. */
  lock: StrongestLock | null;
}

interface MaterializedView {
  /** Its query, as pg_get_viewdef gives it, without the semicolon. */
  definition: string;
  /** The method by which its rows are kept; null for the default one. */
  method: string | null;
  tablespace: string | null;
  /** Whether it has been filled. */
  populated: boolean;
}

/** What stops the new query, and what has to be made again. Throws `invalid-input` for a text that is no query of its own. Reads only. */
export async function lookAtReplacedMaterializedView(query: string, at: Look): Promise<ChangeFindings> {
  const { session, parser, signal, table } = at;
  const relation = formatQualifiedName(table.name);
  if (table.kind === 'view')
    return {
      blockers: [t('{0} is no materialized view. Plan it by replace-view or rebuild-view.', relation)],
    };
  if (table.kind !== 'materialized-view') return { blockers: [] };
  checkQuery(query, at);
  const parsed = parser.parse(query);
  const schema = await readKnownSchema(session, parser, { relations: relationsOf(parsed), signal });
  const view = await readMaterializedView(at);
  const before = await shapeOf(view.definition, at);
  const after = await shapeOf(query, at);
  const views = table.dependents.views.filter(({ depth }) => depth === 1);
  const indexes: IndexPart[] = [];
  for (const { name } of table.indexes) indexes.push(...(await readIndexParts(at, name)));
  return {
    replacedMaterializedView: {
      ...view,
      rights: await readRights(table.name, at),
      indexes,
      settings: await readMaterializedViewSettings(at),
      columns: after.map(({ name }) => name),
      retyped: after
        .filter(({ name, type }) => before.some((column) => column.name === name && column.type !== type))
        .map(({ name }) => name),
      keepsColumns: before.every(
        (column, place) => after[place]?.name === column.name && after[place].type === column.type,
      ),
      views: views.filter(({ kind }) => kind === 'view'),
      lock: strongestLockOf(parsed.statements, schema, session.facts.major),
    },
    takenNames: await namesIn(at),
    blockers: [
      ...columnBlockers(table, before, after, views),
      ...views.filter(({ kind }) => kind === 'materialized-view').map(dependentBlocker(relation)),
      ...(await otherDependents(at)),
      ...(await ownerBlockers(views, at)),
    ],
  };
}

async function readMaterializedView({ session, table, signal }: Look): Promise<MaterializedView> {
  const { rows } = await withQualifiedOutput(session, () =>
    session.query<MaterializedView>(
      `SELECT pg_catalog.rtrim(pg_catalog.pg_get_viewdef(c.oid), ';') AS definition, c.relispopulated AS populated,
              nullif(m.amname, 'heap')::text AS method, s.spcname::text AS tablespace
         FROM pg_catalog.pg_class c JOIN pg_catalog.pg_am m ON m.oid = c.relam
         LEFT JOIN pg_catalog.pg_tablespace s ON s.oid = c.reltablespace
        WHERE c.oid = pg_catalog.to_regclass($1)`,
      [formatQualifiedName(table.name)],
      { signal },
    ),
  );
  return rows[0]!;
}

/** Names in its schema that nothing new can have: of relations and of types. */
async function namesIn({ session, table, signal }: Look): Promise<string[]> {
  const { rows } = await session.query<{ name: string }>(
    `SELECT c.relname::text AS name FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1
      UNION SELECT y.typname::text FROM pg_catalog.pg_type y JOIN pg_catalog.pg_namespace n ON n.oid = y.typnamespace WHERE n.nspname = $1`,
    [table.name.schema],
    { signal },
  );
  return rows.map(({ name }) => name);
}

/** What an index or a view needs of it, the new query has to give. */
function columnBlockers(
  { indexes, name: relation }: TableFacts,
  before: readonly ViewColumn[],
  after: readonly ViewColumn[],
  views: readonly ViewDependent[],
): string[] {
  const given = new Map(after.map(({ name, type }) => [name, type]));
  const changed = new Set(
    before.filter(({ name, type }) => given.get(name) !== type).map(({ name }) => name),
  );
  const gone = (columns: readonly string[]): string[] => columns.filter((column) => !given.has(column));
  return [
    ...indexes.flatMap(({ name, columns, expressionColumns }) =>
      gone([...columns, ...expressionColumns])
        .slice(0, 1)
        .map((column) =>
          t(
            'The index {0} is on {1}, which the new query does not give. Drop it first (DROP INDEX CONCURRENTLY, by raw-sql), or let the query give the column.',
            formatQualifiedName(name),
            formatIdentifier(column),
          ),
        ),
    ),
    ...views.flatMap(({ name, columns }) =>
      columns
        .filter((column) => changed.has(column))
        .slice(0, 1)
        .map((column) =>
          t(
            'The view {0} reads {1} of {2}, which the new query does not give with that type. Let it do without first (replace-view).',
            formatQualifiedName(name),
            formatIdentifier(column),
            formatQualifiedName(relation),
          ),
        ),
    ),
  ];
}

/** Views over it are pointed to the new one, which only their owners may do. */
async function ownerBlockers(views: readonly ViewDependent[], { session, signal }: Look): Promise<string[]> {
  const owners = [...new Set(views.map(({ owner }) => owner))];
  const { rows } = await session.query<{ owner: string }>(
    `SELECT owner FROM unnest($1::text[]) AS owner WHERE NOT pg_catalog.pg_has_role(owner, 'USAGE')`,
    [owners],
    { signal },
  );
  const others = new Set(rows.map(({ owner }) => owner));
  return views
    .filter(({ owner }) => others.has(owner))
    .map(({ name, owner }) =>
      t(
        'The view {0} has to be made to read the new one, and belongs to {1}. Connect as a role that is in both owners.',
        formatQualifiedName(name),
        owner,
      ),
    );
}

function dependentBlocker(relation: string): (view: ViewDependent) => string {
  return ({ name }) =>
    t(
      'The materialized view {0} reads {1}, and would go on reading the one before. Make it read the tables first (replace-materialized-view), or drop it.',
      formatQualifiedName(name),
      relation,
    );
}

/** Routines with a parsed body, row types in use, statistics: they stay with what they were made for. */
async function otherDependents({ session, table, signal }: Look): Promise<string[]> {
  const { rows } = await session.query<{ name: string }>(
    `SELECT name FROM (${dependentsOfTable(table.name)}) AS dependent
      WHERE name NOT IN (SELECT pg_catalog.pg_describe_object('pg_catalog.pg_class'::regclass, oid, 0) FROM pg_catalog.pg_class WHERE relkind IN ('v', 'm'))
      UNION SELECT 'statistics ' || stxname FROM pg_catalog.pg_statistic_ext WHERE stxrelid = pg_catalog.to_regclass($1)
      UNION SELECT 'extension ' || e.extname FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid
             WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = pg_catalog.to_regclass($1) AND d.deptype = 'e'
      ORDER BY 1`,
    [formatQualifiedName(table.name)],
    { signal },
  );
  return rows.map(({ name }) =>
    t(
      '{0} is bound to {1} as it is, and would stay with the one before. Change it so that it does without, or drop it, first.',
      name,
      formatQualifiedName(table.name),
    ),
  );
}
