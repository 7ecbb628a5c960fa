import { t } from '../../messages/translate';
import { isSwitchbackError } from '../../messages/error';
import { dependentsOfColumn, type RoutineDependent, type TableFacts } from '../../catalog/table-facts';
import { formatIdentifier, type QualifiedName } from '../../sql/identifier';
import { lexemes } from '../../sql/lexer';
import type { SqlParser } from '../../sql/parser';
import { renameColumnReferences, type RenameContext } from '../../sql/rename-column';
import { splitStatements } from '../../sql/split';
import { asKind } from '../../sql/tree';
import type { ColumnRenaming } from './rename-in-definition';
import { renameContext, type Repointing } from './view-repointing';

export interface RoutineRepointing extends Repointing {
  /** Signatures that a person has to change, because they may use the column. */
  byHand: string[];
  /** Routines whose text was read: the column they used has been renamed in them, other mentions are not it. */
  decided: QualifiedName[];
}

interface RenamedBody {
  sql: string;
  renamed: number;
}

/**
 * CREATE OR REPLACE of each SQL routine that uses the column for certain, with a parsed body or a text. Routines
 * of other languages, and those whose references cannot be decided, are listed for a person.
 */
export function repointRoutines(
  parser: SqlParser,
  table: TableFacts,
  renaming: ColumnRenaming,
): RoutineRepointing {
  const result: RoutineRepointing = { forward: [], rollback: [], notes: [], byHand: [], decided: [] };
  for (const routine of dependentsOfColumn(table.dependents, renaming.from).routines) {
    const renamed = routine.language === 'sql' ? renameRoutine(parser, table, renaming, routine) : null;
    if (renamed === null) {
      result.byHand.push(routine.signature);
      continue;
    }
    result.decided.push(routine.name);
    if (renamed.renamed > 0) {
      result.forward.push(withoutSemicolon(renamed.sql));
      result.rollback.unshift(withoutSemicolon(routine.definition!));
    }
  }
  if (result.byHand.length > 0) {
    result.notes.push(
      t(
        'These routines mention {0} and may use it; make them use {1} with the release: {2}.',
        formatIdentifier(renaming.from),
        formatIdentifier(renaming.to),
        result.byHand.join(', '),
      ),
    );
  }
  return result;
}

/** null where it cannot be decided. */
function renameRoutine(
  parser: SqlParser,
  table: TableFacts,
  renaming: ColumnRenaming,
  routine: RoutineDependent,
): RenamedBody | null {
  if (routine.definition === undefined) return null;
  const context = {
    ...renameContext(table, renaming, 'query'),
    variables: parametersOf(parser, routine.definition),
  };
  try {
    const answer = renameBody(parser, routine.definition, table, renaming, context);
    // The catalog says that it depends on the column: finding no reference means that it was not understood.
    return routine.certain && answer?.renamed === 0 ? null : answer;
  } catch (error) {
    if (isSwitchbackError(error, 'syntax-error')) return null;
    throw error;
  }
}

/** The body with its references renamed, statement by statement; null where one cannot be decided. */
function renameBody(
  parser: SqlParser,
  definition: string,
  table: TableFacts,
  renaming: ColumnRenaming,
  context: RenameContext,
): RenamedBody | null {
  const place = bodyPlace(definition);
  if (place === null) return null;
  const body = definition.slice(place.start, place.end);
  let edited = body;
  let renamed = 0;
  for (const piece of splitStatements(body).reverse()) {
    // RETURN takes an expression, as SELECT does; the words are equally long.
    const text = body.slice(piece.start, piece.end);
    const query = place.returns ? text.replace(/^RETURN/i, 'SELECT') : text;
    const statement = renameStatement(parser, query, table, renaming, context);
    if (statement === null) return null;
    const sql = place.returns ? statement.sql.replace(/^SELECT/, 'RETURN') : statement.sql;
    edited = edited.slice(0, piece.start) + sql + edited.slice(piece.end);
    renamed += statement.renamed;
  }
  return { sql: definition.slice(0, place.start) + edited + definition.slice(place.end), renamed };
}

/** Where the SQL lies in what pg_get_functiondef gives: between dollar quotes, in BEGIN ATOMIC, or after RETURN. */
function bodyPlace(definition: string): { start: number; end: number; returns: boolean } | null {
  const quoted = [...lexemes(definition)].filter((lexeme) => lexeme.kind === 'dollar-string').at(-1);
  if (quoted) {
    const tag = /^\$[^$]*\$/.exec(definition.slice(quoted.start, quoted.end))![0].length;
    return { start: quoted.start + tag, end: quoted.end - tag, returns: false };
  }
  const atomic = /^BEGIN ATOMIC\n/m.exec(definition);
  const end = /\nEND\s*$/.exec(definition);
  if (atomic && end) return { start: atomic.index + atomic[0].length, end: end.index, returns: false };
  const returns = /^RETURN /m.exec(definition);
  return returns ? { start: returns.index, end: definition.trimEnd().length, returns: true } : null;
}

function renameStatement(
  parser: SqlParser,
  sql: string,
  table: TableFacts,
  renaming: ColumnRenaming,
  context: RenameContext,
): RenamedBody | null {
  const answer = renameColumnReferences(parser, sql, { table: table.name, ...renaming }, context);
  return answer.ambiguous.length > 0 ? null : { sql: answer.sql, renamed: answer.renamed };
}

function parametersOf(parser: SqlParser, definition: string): string[] {
  const fields = asKind(parser.parse(definition).statements[0]?.node, 'CreateFunctionStmt');
  return (fields?.parameters ?? []).flatMap((each) => asKind(each, 'FunctionParameter')?.name ?? []);
}

function withoutSemicolon(definition: string): string {
  return definition.replace(/;?\s*$/, '');
}
