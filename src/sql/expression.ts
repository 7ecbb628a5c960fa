import { t } from '../messages/translate';
import { obstacleToSending } from './obstacle';
import type { SqlParser } from './parser';
import { TextPositions } from './positions';
import type { SqlProblem } from './statement';
import { asKind, kindOf, strings, walkTree } from './tree';

/** What a user's scalar expression uses, and why it cannot be taken. */
export interface ParsedExpression {
  /** Names of the columns it reads, without qualifiers, each once. */
  columns: string[];
  /** Functions it calls; `schema` is null where none is written. */
  functions: { schema: string | null; name: string }[];
  /** Whether it holds a SELECT of its own. */
  subquery: boolean;
  /** Empty when the text is exactly one expression and can stand inside parentheses in any statement. */
  problems: SqlProblem[];
}

/**
 * Reads a user's expression without running it. The text must be exactly one scalar expression: several
 * statements, a list, an alias, a comment, `*`, DEFAULT and parameters are refused.
 */
export function parseExpression(parser: SqlParser, text: string): ParsedExpression {
  const result: ParsedExpression = { columns: [], functions: [], subquery: false, problems: [] };
  const refuse = (message: string, start = 0, end = text.length): ParsedExpression => {
    const positions = new TextPositions(text);
    result.problems.push({
      kind: 'syntax-error',
      message,
      start: positions.at(start),
      end: positions.at(end),
    });
    return result;
  };
  if (text.trim() === '')
    return refuse(t('There is no expression. Type one, for example {0}.', "coalesce(name, '')"));

  // Bare, it must be one target without an alias; in parentheses too, so that `1) + (2` is refused.
  const bare = parser.parse(`select ${text}`);
  const problem = obstacleToSending(bare);
  if (problem) return refuse(problem.message, problem.start.offset - 7, problem.end.offset - 7);
  const comment = bare.comments[0];
  if (comment)
    return refuse(
      t('An expression cannot hold a comment. Remove it.'),
      comment.start.offset - 7,
      comment.end.offset - 7,
    );
  const enclosed = parser.parse(`select (${text}\n)`);
  const value = onlyTarget(bare.statements.map((statement) => statement.node));
  const enclosedValue = onlyTarget(enclosed.statements.map((statement) => statement.node));
  if (!value || !enclosedValue || obstacleToSending(enclosed) !== null) {
    return refuse(
      t('"{0}" is not one expression. Type a single value without alias, comma or semicolon.', text),
    );
  }

  walkTree(value, (kind, fields) => {
    if (kind === 'ColumnRef') addColumn(result, fields);
    if (kind === 'FuncCall') addFunction(result, fields);
    if (kind === 'SubLink') result.subquery = true;
    const refused = refusal(kind, fields);
    if (refused) refuse(refused);
  });
  return result;
}

/** The value of a SELECT that is nothing but one unnamed target; null for anything else. */
function onlyTarget(nodes: object[]): object | null {
  const select = nodes.length === 1 ? asKind(nodes[0], 'SelectStmt') : null;
  if (!select || select.targetList?.length !== 1 || select.op !== 'SETOP_NONE') return null;
  const clauses: unknown[] = [
    select.fromClause,
    select.whereClause,
    select.groupClause,
    select.havingClause,
    select.windowClause,
    select.sortClause,
    select.distinctClause,
    select.limitCount,
    select.limitOffset,
    select.lockingClause,
    select.intoClause,
    select.withClause,
  ];
  if (clauses.some((clause) => clause !== undefined)) return null;
  const target = asKind(select.targetList[0], 'ResTarget');
  return target?.val && target.name === undefined ? target.val : null;
}

function refusal(kind: string, fields: Record<string, unknown>): string | null {
  if (kind === 'SetToDefault') return t('DEFAULT is no value of an expression. Write the value itself.');
  if (kind === 'ParamRef') return t('An expression cannot hold a parameter ($1). Write the value itself.');
  const last = kind === 'ColumnRef' ? (fields['fields'] as object[]).at(-1) : undefined;
  return last && kindOf(last) === 'A_Star' ? t('An expression cannot be *. Name the column.') : null;
}

function addColumn(result: ParsedExpression, fields: Record<string, unknown>): void {
  const name = strings(fields['fields'] as Parameters<typeof strings>[0]).at(-1)!;
  if (name !== '' && !result.columns.includes(name)) result.columns.push(name);
}

function addFunction(result: ParsedExpression, fields: Record<string, unknown>): void {
  const parts = strings(fields['funcname'] as Parameters<typeof strings>[0]);
  const called = { schema: parts.length > 1 ? parts[0]! : null, name: parts.at(-1)! };
  if (!result.functions.some((other) => other.schema === called.schema && other.name === called.name)) {
    result.functions.push(called);
  }
}
