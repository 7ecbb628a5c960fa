import type { Volatility } from '../../catalog/table-facts';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { emptyKnownSchema } from '../../safety/known-schema';
import { expressionVolatility } from '../../safety/volatility';
import { parseExpression, type ParsedExpression } from '../../sql/expression';
import { assertIdentifier, formatIdentifier } from '../../sql/identifier';
import type { SqlParser } from '../../sql/parser';
import { asKind } from '../../sql/tree';
import type { MigrationChange } from './answers';

/** Throws `invalid-name` or `invalid-input` for answers that cannot become SQL that PostgreSQL reads. */
export function checkChange(parser: SqlParser, change: MigrationChange): void {
  if (change.kind === 'empty') return;
  assertIdentifier(change.table.schema);
  assertIdentifier(change.table.name);
  switch (change.kind) {
    case 'add-column':
      assertIdentifier(change.column);
      checkType(parser, change.type);
      if (change.default !== null) checkDefault(parser, change.column, change.default);
      if (change.fill !== null) checkValue(parser, change.column, change.fill);
      change.key.forEach(assertIdentifier);
      if (change.required && change.default === null && change.fill === null)
        refuseWithoutValue(change.column);
      return;
    case 'drop-column':
      assertIdentifier(change.column);
      if (change.definition === null) return;
      checkType(parser, change.definition.type);
      if (change.definition.default !== null) checkDefault(parser, change.column, change.definition.default);
      return;
    case 'rename-column':
      assertIdentifier(change.from);
      assertIdentifier(change.to);
      if (change.from === change.to) {
        throw new SwitchbackError(
          'invalid-input',
          t('{0} has that name already. Type the new one.', formatIdentifier(change.from)),
        );
      }
      return;
    case 'change-type':
      assertIdentifier(change.column);
      checkType(parser, change.to);
      if (change.from !== null) checkType(parser, change.from);
      for (const using of [change.using, change.usingBack]) {
        if (using !== null) checkValue(parser, change.column, using);
      }
      return;
    case 'create-index':
      checkList(change.columns, t('An index needs a column. Name at least one.'));
      return;
    case 'backfill':
      assertIdentifier(change.column);
      change.key.forEach(assertIdentifier);
      checkNoDuplicate(change.key);
      checkValue(parser, change.column, change.expression);
      return;
  }
}

/** How volatile an expression is, from PostgreSQL's own functions; one of the user's counts as volatile. */
export function volatilityOf(parser: SqlParser, expression: string): Volatility {
  const node = parser.parse(`select (${expression})`).statements[0]?.node;
  return expressionVolatility(emptyKnownSchema(), node).volatility;
}

function checkList(columns: readonly string[], empty: string): void {
  if (columns.length === 0) throw new SwitchbackError('invalid-input', empty);
  columns.forEach(assertIdentifier);
  checkNoDuplicate(columns);
}

function checkNoDuplicate(columns: readonly string[]): void {
  const twice = columns.find((column, index) => columns.indexOf(column) !== index);
  if (twice === undefined) return;
  throw new SwitchbackError(
    'invalid-input',
    t('The column {0} is named twice. Name each once.', formatIdentifier(twice)),
  );
}

function refuseWithoutValue(column: string): never {
  throw new SwitchbackError(
    'invalid-input',
    t(
      'The required column {0} needs a default, or a value for the rows there are. Give one, or make it optional.',
      formatIdentifier(column),
    ),
  );
}

function checkType(parser: SqlParser, type: string): void {
  const { statements, comments, problems } = parser.parse(`select null::${type}\n`);
  const select = asKind(statements[0]?.node, 'SelectStmt');
  const target = asKind(select?.targetList?.[0], 'ResTarget');
  const clauses = Object.keys(select ?? {}).filter(
    (name) => !['targetList', 'limitOption', 'op'].includes(name),
  );
  const isType =
    statements.length === 1 &&
    problems.length === 0 &&
    comments.length === 0 &&
    clauses.length === 0 &&
    select?.targetList?.length === 1 &&
    target?.name === undefined &&
    asKind(target?.val, 'TypeCast') !== null;
  if (type.trim() === '' || !isType || type.includes(';')) {
    throw new SwitchbackError(
      'invalid-input',
      t('"{0}" is not a type. Write one as SQL does, for example numeric(12,2).', type),
    );
  }
  if (/^\s*(?:small|big)?serial[248]?\s*$/i.test(type)) {
    throw new SwitchbackError(
      'invalid-input',
      t(
        '"{0}" is a shorthand that rewrites the table. Create a sequence, and use bigint with the default nextval(...).',
        type,
      ),
    );
  }
}

function checkDefault(parser: SqlParser, column: string, expression: string): void {
  const parsed = checkValue(parser, column, expression);
  if (parsed.columns.length === 0) return;
  throw new SwitchbackError(
    'invalid-input',
    t(
      'A default cannot read the column {0}. Use an expression over the row instead of a default.',
      formatIdentifier(parsed.columns[0]!),
    ),
  );
}

function checkValue(parser: SqlParser, column: string, expression: string): ParsedExpression {
  const parsed = parseExpression(parser, expression);
  const problem = parsed.problems[0];
  if (problem) {
    throw new SwitchbackError(
      'invalid-input',
      t(
        'The value for {0} is no SQL expression that PostgreSQL can read: {1}. {2}',
        formatIdentifier(column),
        expression,
        problem.message,
      ),
    );
  }
  if (parsed.subquery) {
    throw new SwitchbackError(
      'invalid-input',
      t(
        'The value for {0} holds a subquery, which a default or a batch cannot use. Compute it from the row.',
        formatIdentifier(column),
      ),
    );
  }
  return parsed;
}
