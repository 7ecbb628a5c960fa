import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName, type QualifiedName } from '../../sql/identifier';
import { lexemes } from '../../sql/lexer';
import { obstacleToSending } from '../../sql/obstacle';
import type { SqlParser } from '../../sql/parser';
import type { ParseNode } from '../../sql/statement';
import { asKind, stringOf, walkTree } from '../../sql/tree';

export interface ColumnRenaming {
  from: string;
  to: string;
}

interface Edit {
  start: number;
  end: number;
  text: string;
}

/** An expression over one table's columns (CHECK, DEFAULT, predicate) with a column renamed. */
export function renameInExpression(parser: SqlParser, expression: string, renaming: ColumnRenaming): string {
  const head = 'SELECT ';
  const text = head + expression;
  return applyEdits(text, columnEdits(text, parsedNode(parser, text), renaming)).slice(head.length);
}

/** One statement over one table (ALTER TABLE ... ADD CHECK) with a column renamed in its expressions. */
export function renameInStatement(parser: SqlParser, statement: string, renaming: ColumnRenaming): string {
  return applyEdits(statement, columnEdits(statement, parsedNode(parser, statement), renaming));
}

/** What pg_get_indexdef gives after the table's name, `USING btree (...) ...`, with a column renamed. */
export function renameInIndex(parser: SqlParser, definition: string, renaming: ColumnRenaming): string {
  const node = parsedNode(parser, definition);
  const fields = asKind(node, 'IndexStmt');
  const head = indexHead.exec(definition);
  if (!fields || !head) throw unreadable(definition);
  const keyList = listAfter(definition, head[0].length);
  const edits = [
    ...columnEdits(definition, node, renaming),
    ...elementEdits(definition, keyList.items, indexNames(fields.indexParams), renaming),
  ];
  if ((fields.indexIncludingParams ?? []).length > 0) {
    const including = listAfter(definition, keyList.end);
    edits.push(
      ...elementEdits(definition, including.items, indexNames(fields.indexIncludingParams), renaming),
    );
  }
  return applyEdits(definition, edits).slice(head[0].length);
}

/** CREATE STATISTICS, as pg_get_statisticsobjdef gives it, with another name and a column renamed. */
export function renameInStatistics(
  parser: SqlParser,
  definition: string,
  name: QualifiedName,
  renaming: ColumnRenaming,
): string {
  const node = parsedNode(parser, definition);
  const fields = asKind(node, 'CreateStatsStmt');
  const head = statisticsHead.exec(definition);
  const on = / ON /.exec(definition);
  if (!fields || !head || !on) throw unreadable(definition);
  const items = splitList(definition, on.index + on[0].length, definition.lastIndexOf(' FROM '));
  const names = (fields.exprs ?? []).map((each) => asKind(each, 'StatsElem')?.name ?? null);
  const edits = [
    ...columnEdits(definition, node, renaming),
    ...elementEdits(definition, items, names, renaming),
  ];
  edits.push({ start: head[1]!.length, end: head[0].length, text: formatQualifiedName(name) });
  return applyEdits(definition, edits);
}

const identifier = String.raw`(?:"(?:[^"]|"")+"|[^\s".(),]+)`;
const indexHead = new RegExp(
  `^CREATE (?:UNIQUE )?INDEX ${identifier} ON (?:ONLY )?${identifier}(?:\\.${identifier})? `,
);
const statisticsHead = new RegExp(`^(CREATE STATISTICS )${identifier}(?:\\.${identifier})?`);

function indexNames(elements: readonly unknown[] | undefined): (string | null)[] {
  return (elements ?? []).map((each) => asKind(each as ParseNode, 'IndexElem')?.name ?? null);
}

function parsedNode(parser: SqlParser, text: string): ParseNode {
  const parsed = parser.parse(text);
  const statement = parsed.statements[0];
  if (parsed.statements.length !== 1 || obstacleToSending(parsed) !== null || statement === undefined)
    throw unreadable(text);
  return statement.node;
}

/** Edits for each reference to the column by its bare name, or by its name after a table's or NEW/OLD. */
function columnEdits(text: string, node: ParseNode, renaming: ColumnRenaming): Edit[] {
  const edits: Edit[] = [];
  walkTree(node, (kind, fields) => {
    if (kind !== 'ColumnRef') return;
    const parts = (fields['fields'] as ParseNode[]).map((part) => stringOf(part as never));
    if (parts[parts.length - 1] !== renaming.from) return;
    let start = (fields['location'] as number | undefined) ?? 0;
    for (let skip = 1; skip < parts.length; skip += 1) start = afterDot(text, identifierEnd(text, start));
    edits.push({ start, end: identifierEnd(text, start), text: formatIdentifier(renaming.to) });
  });
  return edits;
}

/** Edits for list elements that are a plain column: those have no place in the parse tree. */
function elementEdits(
  text: string,
  items: readonly { start: number; end: number }[],
  names: readonly (string | null)[],
  renaming: ColumnRenaming,
): Edit[] {
  if (items.length !== names.length) throw unreadable(text);
  return items.flatMap((item, index) =>
    names[index] === renaming.from
      ? [{ start: item.start, end: identifierEnd(text, item.start), text: formatIdentifier(renaming.to) }]
      : [],
  );
}

/** The elements of the next parenthesised list at or after `from`. */
function listAfter(text: string, from: number): { items: { start: number; end: number }[]; end: number } {
  let open = -1;
  let depth = 0;
  for (const lexeme of lexemes(text, from)) {
    if (lexeme.kind !== 'code') continue;
    for (let at = lexeme.start; at < lexeme.end; at += 1) {
      if (text[at] === '(') {
        depth += 1;
        if (depth === 1) open = at;
      } else if (text[at] === ')') {
        depth -= 1;
        if (depth === 0) return { items: splitList(text, open + 1, at), end: at + 1 };
      }
    }
  }
  throw unreadable(text);
}

function splitList(text: string, from: number, end: number): { start: number; end: number }[] {
  const items: { start: number; end: number }[] = [];
  let depth = 0;
  let start = from;
  for (const lexeme of lexemes(text.slice(0, end), from)) {
    if (lexeme.kind !== 'code') continue;
    for (let at = lexeme.start; at < lexeme.end; at += 1) {
      if (text[at] === '(' || text[at] === '[') depth += 1;
      else if (text[at] === ')' || text[at] === ']') depth -= 1;
      else if (text[at] === ',' && depth === 0) {
        items.push({ start, end: at });
        start = at + 1;
      }
    }
  }
  items.push({ start, end });
  return items.map((item) => ({ start: item.start + leadingSpace(text, item.start), end: item.end }));
}

function leadingSpace(text: string, at: number): number {
  return /^\s*/.exec(text.slice(at, at + 200))![0].length;
}

function identifierEnd(text: string, start: number): number {
  const pattern = /"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*/uy;
  pattern.lastIndex = start;
  const match = pattern.exec(text);
  if (!match) throw unreadable(text);
  return pattern.lastIndex;
}

function afterDot(text: string, at: number): number {
  const pattern = /\s*\.\s*/y;
  pattern.lastIndex = at;
  return pattern.exec(text) ? pattern.lastIndex : at;
}

function applyEdits(text: string, edits: readonly Edit[]): string {
  const ordered = [...edits].sort((left, right) => right.start - left.start);
  return ordered.reduce(
    (result, edit) => result.slice(0, edit.start) + edit.text + result.slice(edit.end),
    text,
  );
}

function unreadable(definition: string): SwitchbackError {
  return new SwitchbackError(
    'syntax-error',
    t(
      'The definition "{0}" could not be read, so it cannot be copied. Report this with the definition.',
      definition,
    ),
  );
}
