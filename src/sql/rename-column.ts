import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { QualifiedName } from './identifier';
import type { SqlParser } from './parser';
import { RenameWalk } from './rename-walk';

/** The column that gets another name. */
export interface RenameTarget {
  table: QualifiedName;
  from: string;
  to: string;
}

export interface RenameContext {
  /** `query`: a statement, as from pg_get_viewdef; `expression`: as from pg_get_expr, over the table itself. */
  kind: 'query' | 'expression';
  /** Keeps the names of the query's own output columns with AS; subqueries always keep theirs. */
  keepOutputNames: boolean;
  /** Schemas in which unqualified tables are looked for. */
  searchPath: readonly string[];
  /** The columns of a relation; null where they are not known. */
  columnsOf: (relation: QualifiedName) => readonly string[] | null;
  /** Parameters and variables of a routine whose body this is. */
  variables?: readonly string[];
  /** Variables that hold a row of the table, for example `new` and `old`. */
  rowVariables?: readonly string[];
}

export interface RenamedSql {
  sql: string;
  /** How many references got the new name. */
  renamed: number;
  /** References that could not be decided, in words. Where there are any, `sql` must not be used. */
  ambiguous: string[];
}

/**
 * Gives references to `target.from` the name `target.to`, in one statement or expression that is valid
 * now, by editing only those names. Throws `syntax-error` when the text is not exactly one statement.
 */
export function renameColumnReferences(
  parser: SqlParser,
  sql: string,
  target: RenameTarget,
  context: RenameContext,
): RenamedSql {
  const prefix = context.kind === 'expression' ? 'select ' : '';
  const text = prefix + sql;
  const { statements, problems } = parser.parse(text);
  if (problems.length > 0 || statements.length !== 1) {
    throw new SwitchbackError(
      'syntax-error',
      problems[0]?.message ?? t('This is not one SQL statement: {0}. Give one statement.', sql.slice(0, 80)),
    );
  }
  const walk = new RenameWalk(text, target, context);
  if (context.kind === 'expression') walk.expression(statements[0]!.node);
  else walk.statement(statements[0]!.node);
  return { sql: walk.edited().slice(prefix.length), renamed: walk.renamed, ambiguous: walk.ambiguous };
}
