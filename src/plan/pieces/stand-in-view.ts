import type { StandInViewFacts } from '../../assess/change-facts';
import type { PrivilegeFacts, TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import {
  formatIdentifier,
  formatQualifiedName,
  quoteLiteral,
  type QualifiedName,
} from '../../sql/identifier';
import { regclass } from './sql-text';

/** A view that stands where a table was, for code that still uses that name. */
export interface StandInView {
  /** The table as it was before it got another name. */
  table: TableFacts;
  /** What it is called now. */
  reads: QualifiedName;
  facts: StandInViewFacts;
  serverMajor: number;
}

/**
 * Statements that make the view, with the table's owner and privileges. It is as simple as a view can be, so that it is
 * written through to the table.
 * https://www.postgresql.org/docs/current/sql-createview.html#SQL-CREATEVIEW-UPDATABLE-VIEWS
 */
export function makeView({ table, reads, facts, serverMajor }: StandInView): string[] {
  const view = formatQualifiedName(table.name);
  const columns = table.columns.map(({ name }) => formatIdentifier(name)).join(', ');
  // Before 15 the table is read by the rights of the view's owner, which is the table's.
  const options = serverMajor >= 15 ? ' WITH (security_invoker = true)' : '';
  const purpose = t('Stands for {0} until no code uses this name any more.', formatQualifiedName(reads));
  return [
    `CREATE VIEW ${view}${options} AS\n  SELECT ${columns}\n    FROM ${formatQualifiedName(reads)}`,
    ...viewRights(table, facts),
    `COMMENT ON VIEW ${view} IS ${quoteLiteral(purpose)}`,
  ];
}

/** The owner and privileges of a table, for the view that stands in its place. */
export function viewRights(
  table: Pick<TableFacts, 'name' | 'owner' | 'privileges'>,
  { defaultGrantees }: StandInViewFacts,
): string[] {
  const view = formatQualifiedName(table.name);
  return [
    `ALTER VIEW ${view} OWNER TO ${formatIdentifier(table.owner)}`,
    ...defaultGrantees
      .filter((role) => role !== table.owner)
      .map((role) => `REVOKE ALL ON ${view} FROM ${grantee(role)}`),
    ...table.privileges.filter(({ privilege }) => viewPrivileges.has(privilege)).map(grantOn(view)),
  ];
}

/** The statement that takes it away. */
export function dropView({ table }: StandInView): string {
  return `DROP VIEW ${formatQualifiedName(table.name)}`;
}

/** SQL that is true while the view stands there. */
export function viewStands({ table }: StandInView): string {
  return `EXISTS (SELECT FROM pg_catalog.pg_class WHERE oid = ${regclass(table.name)} AND relkind = 'v')`;
}

/** What code of the old name cannot do with the view, tried on PostgreSQL 12 and 18. */
export function viewNotes({ table, reads, facts, serverMajor }: StandInView): string[] {
  const view = formatQualifiedName(table.name);
  const merges = serverMajor >= 15 && serverMajor < 17 ? 'MERGE, ' : '';
  const refused = `TRUNCATE, COPY, ${merges}ON CONFLICT ON CONSTRAINT, WHERE CURRENT OF, TABLESAMPLE`;
  return [
    t(
      'Through the view {0} code reads and writes as before (INSERT with defaults, ON CONFLICT (columns), UPDATE, DELETE, RETURNING, FOR UPDATE, LOCK). These fail there: {1}; the columns ctid, xmin and tableoid; GROUP BY of the primary key alone; new foreign keys, indexes, triggers and columns; pg_get_serial_sequence gives NULL. Move code that does any of it to the new name in the moment of expand, or change it before.',
      view,
      refused,
    ),
    t(
      'A prepared statement that selects the whole row as one value (SELECT x FROM {0} AS x) fails once after expand; the others go on.',
      view,
    ),
    t(
      'A column that another migration adds to {0} meanwhile is not in the view: code that needs it uses the new name.',
      formatQualifiedName(reads),
    ),
    ...inheritanceNotes(table),
    ...triggerNotes(table, reads),
    ...publicationNotes(table, reads),
    ...routineNotes(facts, view),
  ];
}

const viewPrivileges = new Set(['SELECT', 'INSERT', 'UPDATE', 'DELETE']);

function grantOn(view: string): (granted: PrivilegeFacts) => string {
  return ({ privilege, column, grantee: role, grantable }) => {
    const columns = column === null ? '' : ` (${formatIdentifier(column)})`;
    return `GRANT ${privilege}${columns} ON ${view} TO ${grantee(role)}${grantable ? ' WITH GRANT OPTION' : ''}`;
  };
}

function grantee(role: string): string {
  return role === 'public' ? 'PUBLIC' : formatIdentifier(role);
}

function inheritanceNotes({ inheritedBy, name }: TableFacts): string[] {
  if (inheritedBy.length === 0) return [];
  return [
    t(
      'ONLY does nothing on a view: FROM ONLY {0} reads its children too, and UPDATE ONLY writes them.',
      formatQualifiedName(name),
    ),
  ];
}

function triggerNotes({ triggers }: TableFacts, reads: QualifiedName): string[] {
  if (triggers.length === 0) return [];
  return [
    t(
      'Triggers see the new name in TG_TABLE_NAME and TG_TABLE_SCHEMA at once: {0}. See whether one of these uses them: {1}.',
      formatQualifiedName(reads),
      triggers.map(({ name }) => formatIdentifier(name)).join(', '),
    ),
  ];
}

function publicationNotes({ publications }: TableFacts, reads: QualifiedName): string[] {
  if (publications.length === 0) return [];
  return [
    t(
      'Subscribers find their table by its name, and get {0} from expand on: {1}. Give it that name on each subscriber right after expand; until then replication waits there and the publisher keeps the log.',
      formatQualifiedName(reads),
      publications.map(({ name }) => formatIdentifier(name)).join(', '),
    ),
  ];
}

function routineNotes({ routines }: StandInViewFacts, view: string): string[] {
  if (routines.length === 0) return [];
  return [
    t(
      'These routines name {0} in their text and go on through the view; they need the new name before contract: {1}.',
      view,
      routines.join(', '),
    ),
  ];
}
