import { columnOf } from '../catalog/read-table-facts';
import type { TableFacts } from '../catalog/table-facts';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { inParentheses } from '../sql/clause-text';
import { formatIdentifier, quoteIdentifier } from '../sql/identifier';
import { obstacleToSending } from '../sql/obstacle';
import type { SqlParser } from '../sql/parser';
import { asKind, strings } from '../sql/tree';
import type { ChangeFindings } from './change-facts';
import type { AddExclusion } from './changes/add-exclusion';
import type { Look } from './changes/change-type';
import { methodBlockers } from './index-method';
import { listedItems } from './listed-items';
import { readIndexSurroundings, takenNameBlockers } from './partition-tree';
import { isStatementFault, readOnlyRows, serverMessage } from './read-only-query';
import { checkImmutable, checkRowExpression } from './row-expression';
import { rowsInTheWay, rowsOf } from './rows-in-the-way';

/** One part of what excludes. */
export interface ExclusionElement {
  /** What is compared, as SQL over the row. */
  value: string;
  /** The column that is compared, or null for an expression. */
  column: string | null;
  /** As SQL writes it between two values. */
  operator: string;
  operatorName: string;
  /** Whether an operator class is named. */
  named: boolean;
}

/** `EXCLUDE USING gist (...) WHERE (...)`, as a table takes it. */
export function exclusionDefinition({ method, expression, where }: AddExclusion): string {
  return `EXCLUDE USING ${formatIdentifier(method)} (${expression})${where === null ? '' : ` WHERE (${where})`}`;
}

/** Reads what excludes. Throws `invalid-input` for what is no such list. */
export function exclusionElements(parser: SqlParser, change: AddExclusion): ExclusionElement[] {
  const parsed = parser.parse(`ALTER TABLE x ADD ${exclusionDefinition(change)}`);
  const alter = asKind(parsed.statements[0]?.node, 'AlterTableStmt');
  const command = asKind(alter?.cmds?.[0], 'AlterTableCmd');
  const pairs = asKind(command?.def, 'Constraint')?.exclusions ?? [];
  const items = listedItems(change.expression);
  const isOne = parsed.statements.length === 1 && alter?.cmds?.length === 1 && parsed.comments.length === 0;
  if (!isOne || obstacleToSending(parsed) !== null || pairs.length !== items.length)
    throw noExclusion(change);
  return pairs.map((pair, index) => {
    const [element, operator] = asKind(pair, 'List')?.items ?? [];
    const fields = asKind(element, 'IndexElem');
    const written = /^([^]+)\sWITH\s+(OPERATOR\s*\([^)]+\)|[-+*/<>=~!@#%^&|`?]+)$/i.exec(items[index]!);
    if (!fields || !written) throw noExclusion(change);
    const column = fields.name ?? null;
    return {
      value: column === null ? expressionIn(written[1]!) : quoteIdentifier(column),
      column,
      operator: written[2]!,
      operatorName: strings(asKind(operator, 'List')?.items).at(-1) ?? '',
      named: (fields.opclass ?? []).length > 0,
    };
  });
}

/** Lists pairs of rows that the constraint would refuse. */
export function excludedPairsQuery(
  { where }: AddExclusion,
  elements: readonly ExclusionElement[],
  table: TableFacts,
): string {
  const values = elements.map(({ value }, index) => `${value} AS value${index + 1}`).join(', ');
  const rows =
    `(SELECT ctid AS place, ${values} FROM ${rowsOf(table)}` +
    `${where === null ? '' : ` WHERE (${where})`})`;
  const conditions = elements.map(
    ({ operator }, index) => `(one.value${index + 1} ${operator} two.value${index + 1})`,
  );
  return `SELECT one.*\n  FROM ${rows} AS one\n  JOIN ${rows} AS two\n    ON one.place < two.place AND ${conditions.join(' AND ')}`;
}

/** What stops the constraint, and which names are taken. Throws `invalid-input`. Reads only. */
export async function lookAtExclusion(change: AddExclusion, at: Look): Promise<ChangeFindings> {
  const elements = exclusionElements(at.parser, change);
  for (const { column, value } of elements) {
    if (column === null) await checkImmutable(at, await checkRowExpression(at, value, 'value'));
    else columnOf(at.table, column);
  }
  if (change.where !== null)
    await checkImmutable(at, await checkRowExpression(at, change.where, 'condition'));
  const surroundings = await readIndexSurroundings(at);
  const blockers = [
    ...takenNameBlockers(change.name, at.table.name.schema, surroundings.takenNames ?? []),
    ...(await classBlockers(change, elements, at)),
  ];
  if (at.table.partitioning !== null) return { ...surroundings, blockers };
  const pairs = excludedPairsQuery(change, elements, at.table);
  await checkOperators(pairs, change, at);
  if (blockers.length === 0) blockers.push(...(await operatorBlockers(change, elements, at)));
  if (blockers.length === 0)
    blockers.push(...(await rowsInTheWay(at.session, pairs, at.table.name, at.signal)));
  return { ...surroundings, blockers };
}

/** Why the method has no index for such values; for gist an extension may bring it. */
async function classBlockers(
  change: AddExclusion,
  elements: readonly ExclusionElement[],
  at: Look,
): Promise<string[]> {
  const found: string[] = [];
  for (const { column, value, named } of elements) {
    if (named) continue;
    const index = {
      ...change,
      kind: 'add-index' as const,
      name: null,
      columns: column === null ? null : [column],
      expression: column === null ? value : null,
      unique: false,
      include: [],
    };
    found.push(...(await methodBlockers(at, index)));
  }
  if (found.length === 0 || change.method !== 'gist') return found;
  const { rows } = await at.session.query<{ missing: boolean }>(
    `SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extname = 'btree_gist') AS missing`,
    [],
    { signal: at.signal },
  );
  if (rows[0]?.missing !== true) return found;
  return [
    t(
      'The method gist has no operator class of its own for plain values such as numbers and texts. Install the extension that brings them first: {0}.',
      'CREATE EXTENSION btree_gist',
    ),
  ];
}

async function checkOperators(pairs: string, { expression }: AddExclusion, at: Look): Promise<void> {
  try {
    await readOnlyRows(at.session, `SELECT FROM (${pairs}) AS pairs LIMIT 0`, at.signal);
  } catch (error) {
    if (!isStatementFault(error)) throw error;
    throw new SwitchbackError(
      'invalid-input',
      t('The server does not take {0}: {1}. Correct it.', expression, serverMessage(error)),
    );
  }
}

/** https://www.postgresql.org/docs/current/sql-createtable.html#SQL-CREATETABLE-EXCLUDE */
async function operatorBlockers(
  { method }: AddExclusion,
  elements: readonly ExclusionElement[],
  { session, signal }: Look,
): Promise<string[]> {
  const { rows } = await session.query<{ able: boolean; missing: string[] }>(
    `SELECT pg_catalog.pg_indexam_has_property(am.oid, 'can_exclude') AS able,
            ARRAY(SELECT name FROM unnest($2::text[]) AS name
                   WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_amop a JOIN pg_catalog.pg_operator o ON o.oid = a.amopopr
                                      WHERE a.amopmethod = am.oid AND a.amoppurpose = 's' AND o.oprname = name AND o.oprcom = o.oid)) AS missing
       FROM pg_catalog.pg_am am WHERE am.amname = $1`,
    [method, elements.map(({ operatorName }) => operatorName)],
    { signal },
  );
  if (rows[0]?.able === false)
    return [t('An index of the method {0} cannot let rows exclude each other. Use gist or spgist.', method)];
  return (rows[0]?.missing ?? []).map((operator) =>
    t(
      'The method {0} finds nothing by the operator {1}, or it is not the same in both directions. Use another operator, or another method.',
      method,
      operator,
    ),
  );
}

/** An expression without the operator class or collation behind it: it is in parentheses, or a call. */
function expressionIn(source: string): string {
  const inside = inParentheses(source);
  if (inside === null) return source;
  return source.slice(0, source.indexOf(`(${inside})`) + inside.length + 2);
}

function noExclusion({ expression }: AddExclusion): SwitchbackError {
  return new SwitchbackError(
    'invalid-input',
    t(
      '{0} is no list of columns or expressions with their operators. Write it as in {1}.',
      expression,
      'room WITH =, during WITH &&',
    ),
  );
}
