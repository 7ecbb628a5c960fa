import type { Catalog, CatalogObject } from '../../catalog/catalog';
import { readObjectName } from '../../reverse/object-name';
import { mentions } from '../../reverse/reverse-step';
import { formatQualifiedName, parseQualifiedName, type QualifiedName } from '../../sql/identifier';
import type { SchemaChange } from './changes-between';

interface Remade {
  name: string;
  /** What makes it go, and what makes it come again with its comments, rights and indexes. */
  drop: string[];
  make: string[];
  definition: string;
  materialized: boolean;
  /** Whether its own query is another one. */
  changed: boolean;
  /** Whether the columns it has stay as they are, so that nothing has to be dropped. */
  inPlace: boolean;
}

/** The statements without those that make views anew, and what says which change those belong to. */
export interface RebuiltViews {
  statements: string[];
  /** Gives the changes the views they are about. */
  join(changes: readonly SchemaChange[]): SchemaChange[];
}

/**
 * Views that are dropped and made again: one with another query is a change of its own, together with the views over it;
 * one that only stands in the way of another change is made again by that.
 */
export function rebuiltViews(statements: readonly string[], from: Catalog, to: Catalog): RebuiltViews {
  const all = remadeViews(statements, from, to);
  const taken = new Set(all.flatMap(({ drop, make }) => [...drop, ...make]));
  return {
    statements: statements.filter((sql) => !taken.has(sql)),
    join: (changes) => joined(changes, all),
  };
}

function remadeViews(statements: readonly string[], from: Catalog, to: Catalog): Remade[] {
  return Object.entries(to.objects).flatMap(([key, after]) => {
    const object = readObjectName(key);
    const before = from.objects[key];
    if (!before || !object || (object.kind !== 'view' && object.kind !== 'materialized view')) return [];
    const { name } = object;
    const about = (sql: string): boolean => makesView(sql, name);
    const drop = statements.filter((sql) => sql === `DROP ${object.kind.toUpperCase()} ${name}`);
    const definition = after.properties['definition']!.trim().replace(/;$/, '');
    const changed = before.properties['definition'] !== after.properties['definition'];
    if (drop.length === 0 || (changed && !isOnlyQuery(before.properties, after.properties))) return [];
    if (!changed && !isOnlyQuery(before.properties, after.properties)) return [];
    const materialized = object.kind === 'materialized view';
    return [
      {
        name,
        drop,
        make: statements.filter(about),
        definition,
        materialized,
        changed,
        inPlace: keepsColumns(before, after),
      },
    ];
  });
}

/** https://www.postgresql.org/docs/current/sql-createview.html: columns may only come behind those that are there. */
function keepsColumns(before: CatalogObject, after: CatalogObject): boolean {
  const columns = ({ columnOrder, parts }: CatalogObject): string[] =>
    columnOrder.map((column) => `${column} ${parts[`column ${column}`]?.['type']}`);
  return columns(before).every((column, index) => column === columns(after)[index]);
}

/** Whether no more than the query differs: options have to be set by other statements. */
function isOnlyQuery(before: Record<string, string>, after: Record<string, string>): boolean {
  return ['storage parameters', 'tablespace', 'access method', 'populated'].every(
    (property) => before[property] === after[property],
  );
}

function makesView(sql: string, name: string): boolean {
  const begins =
    /^(?:CREATE (?:MATERIALIZED )?VIEW|GRANT|REVOKE|COMMENT ON (?:MATERIALIZED )?(?:VIEW|COLUMN|TRIGGER|RULE|INDEX)|CREATE (?:UNIQUE )?INDEX|CREATE TRIGGER|CREATE RULE)\b/;
  if (!begins.test(sql)) return false;
  if (/^CREATE (?:MATERIALIZED )?VIEW /.test(sql))
    return new RegExp(`VIEW ${escaped(name)}(?: |$)`).test(sql.split('\n')[0]!);
  const head = sql.startsWith('CREATE') ? sql : sql.split(' IS ')[0]!;
  return new RegExp(`(?:ON|TO|TABLE|VIEW|COLUMN) ${escaped(name)}(?=[ .;]|$)`).test(head);
}

function escaped(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Whether one view reads another, be it by way of others. */
function reads(
  view: Remade,
  other: Remade,
  all: readonly Remade[],
  seen: ReadonlySet<Remade> = new Set(),
): boolean {
  if (seen.has(view)) return false;
  const deeper = new Set(seen).add(view);
  return all.some(
    (each) =>
      each !== view &&
      mentions(view.definition, each.name) &&
      (each === other || reads(each, other, all, deeper)),
  );
}

function joined(changes: readonly SchemaChange[], all: readonly Remade[]): SchemaChange[] {
  const changed = all.filter((view) => view.changed);
  const groups = changed.map((view) => [
    view,
    ...(view.materialized ? [] : all.filter((each) => reads(each, view, all))),
  ]);
  const rest = inReadingOrder(all.filter((view) => !groups.some((group) => group.includes(view))));
  // A view that reads another one gives up what that one is to lose before it.
  const readersFirst = [...inReadingOrder(changed)].reverse();
  return [
    ...disturbedWith(changes, rest),
    ...readersFirst.map((view) => rebuilding(view, groups[changed.indexOf(view)]!)),
  ];
}

/** The changes with the views that stand in their way: the recipe of a type wants them gone, others do it themselves. */
function disturbedWith(changes: readonly SchemaChange[], views: readonly Remade[]): SchemaChange[] {
  const drops = [...views].reverse().flatMap(({ drop }) => drop);
  const makes = views.flatMap(({ make }) => make);
  if (views.length === 0) return [...changes];
  const table = parseQualifiedName(views[0]!.name);
  const disturbing = changes.filter(
    ({ change }) =>
      kinds.has(change.kind) &&
      views.some(({ definition }) => mentions(definition, formatQualifiedName(change.table))),
  );
  if (disturbing.length === 0 || disturbing.some(({ change }) => change.kind === 'change-column-type'))
    return [raw(table, drops), ...changes, raw(table, makes)];
  const [first, last] = [disturbing[0], disturbing.at(-1)];
  return changes.map((item) => ({
    ...item,
    statements: [...(item === first ? drops : []), ...item.statements, ...(item === last ? makes : [])],
  }));
}

function raw(table: QualifiedName, statements: string[]): SchemaChange {
  const sql = statements.join(';\n');
  return {
    change: { kind: 'raw-sql', table, sql, down: null, proof: null, irreversible: false },
    statements,
  };
}

const kinds = new Set(['change-column-type', 'widen-key', 'drop-column']);

function rebuilding(view: Remade, group: readonly Remade[]): SchemaChange {
  const inNeed = inReadingOrder(group);
  if (view.inPlace && !view.materialized)
    return {
      change: { kind: 'replace-view', table: parseQualifiedName(view.name), definition: view.definition },
      statements: [`CREATE OR REPLACE VIEW ${view.name} AS\n ${view.definition}`],
    };
  return {
    change: {
      kind: view.materialized ? 'replace-materialized-view' : 'rebuild-view',
      table: parseQualifiedName(view.name),
      definition: view.definition,
    },
    statements: [...[...inNeed].reverse().flatMap(({ drop }) => drop), ...inNeed.flatMap(({ make }) => make)],
  };
}

/** Each behind those it reads. */
function inReadingOrder(views: readonly Remade[]): Remade[] {
  const result = new Set<Remade>();
  const seen = new Set<Remade>();
  const visit = (view: Remade): void => {
    if (seen.has(view)) return;
    seen.add(view);
    for (const other of views) if (other !== view && mentions(view.definition, other.name)) visit(other);
    result.add(view);
  };
  for (const view of views) visit(view);
  return [...result];
}
