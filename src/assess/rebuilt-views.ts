import { withQualifiedOutput } from '../catalog/qualified-output';
import { t } from '../messages/translate';
import { formatIdentifier, formatQualifiedName, type QualifiedName } from '../sql/identifier';
import type { ChangeFindings } from './change-facts';
import type { Look } from './changes/change-type';
import { dependentsOfTable } from './leaving-table';
import { checkQuery, shapeOf, type ViewColumn } from './replaced-view';
import { readRights, type Rights } from './rights';

/** A view with all that brings it back as it was. */
export interface RebuiltView {
  name: QualifiedName;
  /** Its query, as pg_get_viewdef gives it, without the semicolon. */
  definition: string;
  /** reloptions: `security_barrier=true`. */
  options: string[];
  comment: string | null;
  columns: { name: string; default: string | null; comment: string | null }[];
  /** INSTEAD OF triggers and rules, the one that is the query left out. */
  attached: { kind: 'trigger' | 'rule'; name: string; definition: string; comment: string | null }[];
  rights: Rights;
}

/** A view whose columns change, and those that read it. */
export interface RebuiltViews {
  view: RebuiltView;
  /** Columns that the new query gives. */
  columns: string[];
  /** Each behind those it reads. */
  over: RebuiltView[];
  /** Whether rows are written through the view without triggers or rules. */
  updatable: boolean;
}

interface Row extends Omit<RebuiltView, 'name' | 'rights'> {
  schema: string;
  view: string;
  kind: 'v' | 'm';
  owner: string;
  mayAlter: boolean;
  extension: string | null;
  updatable: boolean;
}

/** What stops the new query, and what has to be made again. Throws `invalid-input` for a text that is no query of its own. Reads only. */
export async function lookAtRebuiltView(query: string, at: Look): Promise<ChangeFindings> {
  const { session, table, signal } = at;
  const relation = formatQualifiedName(table.name);
  if (table.kind === 'materialized-view')
    return { blockers: [t('{0} is a materialized view. Plan it by replace-materialized-view.', relation)] };
  if (table.kind !== 'view') return { blockers: [] };
  checkQuery(query, at);
  const { rows } = await withQualifiedOutput(session, () =>
    session.query<Row>(viewsQuery, [[relation]], { signal }),
  );
  const views: RebuiltView[] = [];
  for (const row of rows) views.push(await rebuiltView(row, at));
  const [view, ...over] = views;
  const before = await shapeOf(view!.definition, at);
  const after = await shapeOf(query, at);
  return {
    rebuiltViews: {
      view: view!,
      columns: after.map(({ name }) => name),
      over,
      updatable: rows[0]!.updatable,
    },
    blockers: [
      ...keptColumns(relation, before, after),
      ...columnBlockers(at, before, after),
      ...rows.flatMap((row) => rowBlockers(row, relation)),
      ...(await otherDependents(views, at)),
    ],
  };
}

/** Views with those that read them, each behind all it reads, and what stops them from being made again. Reads only. */
export async function readViewsAgain(
  names: readonly QualifiedName[],
  at: Look,
): Promise<{ views: RebuiltView[]; blockers: string[] }> {
  if (names.length === 0) return { views: [], blockers: [] };
  const { rows } = await withQualifiedOutput(at.session, () =>
    at.session.query<Row>(viewsQuery, [names.map(formatQualifiedName)], { signal: at.signal }),
  );
  const views: RebuiltView[] = [];
  for (const row of rows) views.push(await rebuiltView(row, at));
  const own = names.map(formatQualifiedName).join(', ');
  const blockers = [...rows.flatMap((row) => rowBlockers(row, own)), ...(await otherDependents(views, at))];
  return { views, blockers };
}

async function rebuiltView(
  { schema, view, definition, options, comment, columns, attached }: Row,
  at: Look,
): Promise<RebuiltView> {
  const name = { schema, name: view };
  return { name, definition, options, comment, columns, attached, rights: await readRights(name, at) };
}

function keptColumns(
  relation: string,
  before: readonly ViewColumn[],
  after: readonly ViewColumn[],
): string[] {
  const kept = before.every(
    ({ name, type }, place) => after[place]?.name === name && after[place].type === type,
  );
  return kept
    ? [
        t(
          'The new query gives {0} the columns it has. Plan it by replace-view, which drops nothing.',
          relation,
        ),
      ]
    : [];
}

/** Views and rules have to do without a column before it goes. */
function columnBlockers(
  { table }: Look,
  before: readonly ViewColumn[],
  after: readonly ViewColumn[],
): string[] {
  const given = new Set(after.map(({ name }) => name));
  const gone = before.map(({ name }) => name).filter((name) => !given.has(name));
  const { views, rules } = table.dependents;
  const users = [
    ...views
      .filter(({ depth }) => depth === 1)
      .map(({ name, columns }) => ({ user: formatQualifiedName(name), columns })),
    ...rules.map(({ name, columns }) => ({ user: formatIdentifier(name), columns })),
  ];
  return users.flatMap(({ user, columns }) =>
    gone
      .filter((column) => columns.includes(column))
      .map((column) =>
        t(
          '{0} uses {1} of {2}, which the new query does not give. Let it do without first (replace-view), or drop it.',
          user,
          formatIdentifier(column),
          formatQualifiedName(table.name),
        ),
      ),
  );
}

function rowBlockers({ schema, view, kind, owner, mayAlter, extension }: Row, relation: string): string[] {
  const name = formatQualifiedName({ schema, name: view });
  if (kind === 'm') {
    return [
      t(
        'The materialized view {0} reads {1}, and would have to be filled again while nobody can read. Make it read the tables first (replace-materialized-view), or drop it.',
        name,
        relation,
      ),
    ];
  }
  if (extension !== null)
    return [
      t('The view {0} belongs to the extension {1}. Use another view.', name, formatIdentifier(extension)),
    ];
  if (mayAlter) return [];
  return [
    t(
      'The view {0} has to be made again, and belongs to {1}. Connect as a role that is in the owners of all of them.',
      name,
      owner,
    ),
  ];
}

/** What is bound to one of the views and no view itself: routines with a parsed body, row types in use, policies. */
async function otherDependents(views: readonly RebuiltView[], { session, signal }: Look): Promise<string[]> {
  const found: string[] = [];
  for (const { name } of views) {
    const { rows } = await session.query<{ name: string }>(
      `SELECT name FROM (${dependentsOfTable(name)}) AS dependent
        WHERE name NOT IN (SELECT pg_catalog.pg_describe_object('pg_catalog.pg_class'::regclass, oid, 0) FROM pg_catalog.pg_class WHERE relkind IN ('v', 'm'))`,
      [],
      { signal },
    );
    found.push(
      ...rows.map((row) =>
        t(
          '{0} depends on {1}, which has to be dropped for a moment. Change it so that it does without, or drop it, first.',
          row.name,
          formatQualifiedName(name),
        ),
      ),
    );
  }
  return found;
}

/** The views and those that read them, each behind all it reads. */
const viewsQuery = `
  WITH RECURSIVE reached(oid, level) AS (
    SELECT pg_catalog.to_regclass(root)::oid, 0 FROM unnest($1::text[]) AS root
    UNION
    SELECT w.ev_class, r.level + 1
      FROM reached r
      JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = r.oid AND d.classid = 'pg_catalog.pg_rewrite'::regclass
      JOIN pg_catalog.pg_rewrite w ON w.oid = d.objid AND w.ev_class <> r.oid AND w.rulename = '_RETURN'
      JOIN pg_catalog.pg_class c ON c.oid = w.ev_class AND c.relkind IN ('v', 'm')
  ), ordered AS (SELECT oid, max(level) AS level FROM reached GROUP BY oid)
  SELECT n.nspname::text AS schema, c.relname::text AS view, c.relkind::text AS kind,
         pg_catalog.pg_get_userbyid(c.relowner)::text AS owner, pg_catalog.pg_has_role(c.relowner, 'USAGE') AS "mayAlter",
         (SELECT e.extname::text FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid
           WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e') AS extension,
         pg_catalog.pg_relation_is_updatable(c.oid, false) <> 0 AS updatable,
         pg_catalog.rtrim(pg_catalog.pg_get_viewdef(c.oid), ';') AS definition, coalesce(c.reloptions, '{}') AS options,
         pg_catalog.obj_description(c.oid, 'pg_class') AS comment,
         (SELECT coalesce(json_agg(json_build_object('name', a.attname, 'comment', pg_catalog.col_description(c.oid, a.attnum),
                   'default', pg_catalog.pg_get_expr(f.adbin, f.adrelid)) ORDER BY a.attnum), '[]')
            FROM pg_catalog.pg_attribute a LEFT JOIN pg_catalog.pg_attrdef f ON f.adrelid = a.attrelid AND f.adnum = a.attnum
           WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
         (SELECT coalesce(json_agg(json_build_object('kind', one.kind, 'name', one.name, 'definition', pg_catalog.rtrim(one.definition, ';'), 'comment', one.comment)
                   ORDER BY one.kind, one.name), '[]')
            FROM (SELECT 'trigger' AS kind, g.tgname AS name, pg_catalog.pg_get_triggerdef(g.oid) AS definition,
                         pg_catalog.obj_description(g.oid, 'pg_trigger') AS comment
                    FROM pg_catalog.pg_trigger g WHERE g.tgrelid = c.oid AND NOT g.tgisinternal
                  UNION ALL
                  SELECT 'rule', w.rulename, pg_catalog.pg_get_ruledef(w.oid), pg_catalog.obj_description(w.oid, 'pg_rewrite')
                    FROM pg_catalog.pg_rewrite w WHERE w.ev_class = c.oid AND w.rulename <> '_RETURN') AS one) AS attached
    FROM ordered o JOIN pg_catalog.pg_class c ON c.oid = o.oid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   ORDER BY o.level, 1, 2`;
