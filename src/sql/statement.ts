/** A place in a text: UTF-16 offset from 0, line and column from 1 (UTF-16 units). */
export interface Position {
  offset: number;
  line: number;
  column: number;
}

/** A node of PostgreSQL's parse tree: one key, the node's type, holding its fields (src/sql/tree.ts reads it). */
export type ParseNode = Record<string, unknown>;

/** One SQL statement with its place in the file. `end` is exclusive; leading comments are not part of it. */
export interface Statement {
  index: number;
  /** The parse tree's top key, for example `AlterTableStmt`. */
  kind: string;
  /** The statement's own text, without its semicolon. */
  text: string;
  start: Position;
  end: Position;
  /** Every `location` in it is a UTF-16 offset in the text that was parsed. */
  node: ParseNode;
  /** What a DO block or a routine runs; null for other statements and for languages that are not read. */
  readonly body?: RoutineBody | null;
  /** What the migration tool or psql fills in, as written; stand-ins were parsed instead. */
  placeholders?: string[];
}

/** The SQL inside a DO block or a routine. All places are the file's. */
export interface RoutineBody {
  /** Lower case: `plpgsql`, `sql`. */
  language: string;
  /** In the order of the text. */
  parts: RoutinePart[];
  /** What PostgreSQL refuses, and what is only known when it runs. */
  problems: SqlProblem[];
  /** Whether the body stands in the file as it is: text without escapes that edits can be made in. */
  verbatim: boolean;
  /** Whether it commits or rolls back by itself. */
  commits: boolean;
}

/** One statement or expression a body runs. `statement.index` is that of the statement it is in. */
export interface RoutinePart {
  statement: Statement;
  /** Inside IF, CASE, a loop or an exception handler. */
  conditional: boolean;
  /** Run by EXECUTE: of a constant, or of text that is put together when it runs. */
  dynamic: 'no' | 'constant' | 'composed';
}

/** What parsing a file gives: its statements, and the places that could not be understood. */
export interface ParsedSql {
  statements: Statement[];
  problems: SqlProblem[];
  comments: SqlComment[];
  /** The first place that only psql or a migration tool understands; null when the server would take the text as it is. */
  onlyForTools: SqlProblem | null;
}

export interface SqlProblem {
  /** `syntax-error`: PostgreSQL refuses it. `not-analysed`: skipped, for example a psql command. */
  kind: 'syntax-error' | 'not-analysed';
  message: string;
  start: Position;
  end: Position;
}

export interface SqlComment {
  text: string;
  start: Position;
  end: Position;
}
