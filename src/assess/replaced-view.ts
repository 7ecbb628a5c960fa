import { withQualifiedOutput } from '../catalog/qualified-output';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { formatIdentifier, formatQualifiedName, quoteIdentifier } from '../sql/identifier';
import { obstacleToSending } from '../sql/obstacle';
import { asKind, walkTree } from '../sql/tree';
import type { ChangeFindings } from './change-facts';
import type { Look } from './changes/change-type';
import { checkOptionBlockers } from './check-option';
import { isStatementFault, readOnlyRows, serverMessage } from './read-only-query';

/** What is known of a view whose query changes. */
export interface ReplacedView {
  /** Its query, as pg_get_viewdef gives it, without the semicolon. */
  definition: string;
  /** Columns that the new query gives behind those that are there. */
  appended: string[];
  /** Whether rows are written through it without triggers or rules. */
  updatable: boolean;
}

/** What stops the new query, and what it brings. Throws `invalid-input` for a text that is no query of its own. Reads only. */
export async function lookAtReplacedView(query: string, at: Look): Promise<ChangeFindings> {
  if (at.table.kind !== 'view') return { blockers: otherKind(at) };
  checkQuery(query, at);
  const { definition, updatable } = await readView(at);
  const before = await shapeOf(definition, at);
  const after = await shapeOf(query, at);
  const changed = before.filter(
    (column, index) => after[index]?.name !== column.name || after[index].type !== column.type,
  );
  const appended = after.slice(before.length).map(({ name }) => name);
  return {
    replacedView: { definition, appended, updatable },
    blockers: [
      ...(await checkOptionBlockers(query, at)),
      ...(changed.length === 0
        ? []
        : [
            t(
              'The new query has no {0} of that type in the same place, and PostgreSQL keeps the columns of a view as they are. Let the query give {1}, in this order, and new columns behind them; or plan it by rebuild-view, which makes the view anew.',
              changed.map(({ name }) => formatIdentifier(name)).join(', '),
              before.map(({ name, type }) => `${formatIdentifier(name)} ${type}`).join(', '),
            ),
          ]),
    ],
  };
}

function otherKind({ table }: Look): string[] {
  if (table.kind !== 'materialized-view') return [];
  return [
    t(
      '{0} is a materialized view, whose query cannot be replaced in place. Plan it by replace-materialized-view.',
      formatQualifiedName(table.name),
    ),
  ];
}

/** Throws `invalid-input` for a text that is not one query that reads something else than the view itself. */
export function checkQuery(query: string, { parser, table }: Look): void {
  const parsed = parser.parse(query);
  const [statement] = parsed.statements;
  const select = asKind(statement?.node, 'SelectStmt');
  const problem = obstacleToSending(parsed);
  if (problem) refuse(t('{0} is no query: {1} Correct it.', query, problem.message));
  if (!statement || !select || select.intoClause || parsed.statements.length !== 1 || /;\s*$/.test(query))
    refuse(t('{0} is not one query. Type one SELECT, without a semicolon.', query));
  if (parsed.comments.length > 0) refuse(t('The query cannot hold a comment. Remove it.'));
  const own = [table.name, ...table.dependents.views.map(({ name }) => name)];
  walkTree(statement.node, (kind, fields) => {
    if (['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt'].includes(kind))
      refuse(t('{0} writes rows, which a view cannot. Type one SELECT.', query));
    if (kind !== 'RangeVar') return;
    const { schemaname, relname } = fields as { schemaname?: string; relname?: string };
    const itself = own.find(({ schema, name }) => name === relname && (schemaname ?? schema) === schema);
    if (itself) {
      refuse(
        t(
          'The query reads {0}, which reads {1}: it would never end. Read the tables themselves.',
          formatQualifiedName(itself),
          formatQualifiedName(table.name),
        ),
      );
    }
  });
}

async function readView({
  session,
  table,
  signal,
}: Look): Promise<Pick<ReplacedView, 'definition' | 'updatable'>> {
  const { rows } = await withQualifiedOutput(session, () =>
    session.query<{ definition: string; updatable: boolean }>(
      `SELECT pg_catalog.pg_get_viewdef(c.oid) AS definition, pg_catalog.pg_relation_is_updatable(c.oid, false) <> 0 AS updatable
         FROM pg_catalog.pg_class c WHERE c.oid = pg_catalog.to_regclass($1)`,
      [formatQualifiedName(table.name)],
      { signal },
    ),
  );
  const { definition, updatable } = rows[0]!;
  return { definition: definition.replace(/;\s*$/, ''), updatable };
}

/** A column that a query gives. */
export interface ViewColumn {
  name: string;
  type: string;
}

/** The columns a query gives, with types and collations, asked of one row of NULLs without running the query. */
export async function shapeOf(query: string, at: Look): Promise<ViewColumn[]> {
  const rows = `(SELECT 1) AS one LEFT JOIN (SELECT * FROM (\n${query}\n) AS every LIMIT 0) AS given ON true`;
  try {
    const [row] = await readOnlyRows(at.session, `SELECT given.* FROM ${rows}`, at.signal);
    const names = Object.keys(row ?? {});
    const types = names.map((name, index) => {
      const value = `given.${quoteIdentifier(name)}`;
      return `pg_catalog.pg_typeof(${value})::text AS c${index}`;
    });
    const [given] = await readOnlyRows(at.session, `SELECT ${types.join(', ')} FROM ${rows}`, at.signal);
    return names.map((name, index) => ({ name, type: String(given?.[`c${index}`]) }));
  } catch (error) {
    if (!isStatementFault(error)) throw error;
    refuse(t('The server does not take the query: {0}. Correct it.', serverMessage(error)));
  }
}

function refuse(sentence: string): never {
  throw new SwitchbackError('invalid-input', sentence);
}
