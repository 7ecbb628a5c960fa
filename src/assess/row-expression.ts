import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { parseExpression, type ParsedExpression } from '../sql/expression';
import { formatIdentifier, formatQualifiedName } from '../sql/identifier';
import type { Look } from './changes/change-type';
import { isStatementFault, readOnlyRows, serverMessage } from './read-only-query';

/**
 * Whether an expression can be computed from a row of the table, asked of the server without reading one. `condition`:
 * it has to be true or false. Throws `invalid-input`, and `not-found` for a column that is not there.
 */
export async function checkRowExpression(
  at: Look,
  text: string,
  as: 'value' | 'condition',
): Promise<ParsedExpression> {
  const { session, parser, table, signal } = at;
  const parsed = parseExpression(parser, text);
  const problem = parsed.problems[0];
  if (problem) refuse(t('{0} is no SQL expression: {1} Correct it.', text, problem.message));
  if (parsed.subquery) refuse(t('{0} holds a subquery. Compute it from the columns of the row alone.', text));
  const missing = parsed.columns.find((column) => table.columns.every(({ name }) => name !== column));
  if (missing !== undefined) {
    throw new SwitchbackError(
      'not-found',
      t(
        'There is no column {0} in {1}. Correct the expression.',
        formatIdentifier(missing),
        formatQualifiedName(table.name),
      ),
    );
  }
  const condition = as === 'condition' ? `(${text})` : `(${text}) IS NOT DISTINCT FROM NULL`;
  try {
    await readOnlyRows(
      session,
      `SELECT FROM ${formatQualifiedName(table.name)} WHERE ${condition} LIMIT 0`,
      signal,
    );
  } catch (error) {
    if (!isStatementFault(error)) throw error;
    refuse(t('The server does not take {0}: {1}. Correct it.', text, serverMessage(error)));
  }
  return parsed;
}

/** Throws `invalid-input` for a call of a function that may give another result next time, which no index can hold. */
export async function checkImmutable({ session, signal }: Look, expression: ParsedExpression): Promise<void> {
  const { rows } = await session.query<{ name: string }>(
    `SELECT called.name FROM unnest($1::text[], $2::text[]) AS called(name, schema)
       JOIN pg_catalog.pg_proc p ON p.proname = called.name
       JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
      WHERE CASE WHEN called.schema IS NULL THEN pg_catalog.pg_function_is_visible(p.oid) ELSE n.nspname = called.schema END
      GROUP BY called.name HAVING bool_and(p.provolatile <> 'i')`,
    [expression.functions.map(({ name }) => name), expression.functions.map(({ schema }) => schema)],
    { signal },
  );
  if (rows[0] === undefined) return;
  refuse(
    t(
      'The function {0} is not IMMUTABLE, and an index keeps what it was given once. Use one that is.',
      rows[0].name,
    ),
  );
}

function refuse(sentence: string): never {
  throw new SwitchbackError('invalid-input', sentence);
}
