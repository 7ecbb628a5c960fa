import type { TypeName } from '@pgsql/types';
import type { QualifiedName } from '../sql/identifier';
import type { SqlParser } from '../sql/parser';
import { asKind, strings, walkTree } from '../sql/tree';

/** A place in a statement where something is said to be of an enum. */
export interface EnumCast {
  /** Values that are spelled there; several in an array. */
  labels: string[];
  /** Where the name of the type stands. */
  start: number;
  end: number;
}

/** All casts to the enum or to arrays of it. Definitions from the server name it with its schema. */
export function enumCasts(parser: SqlParser, statement: string, type: QualifiedName): EnumCast[] {
  const casts: EnumCast[] = [];
  for (const { node } of parser.parse(statement).statements) {
    walkTree(node, (kind, fields) => {
      if (kind !== 'TypeCast') return;
      const typeName = fields['typeName'] as TypeName | undefined;
      const [schema, name] = strings(typeName?.names);
      if (schema !== type.schema || name !== type.name) return;
      const start = typeName?.location ?? 0;
      const text = asKind(fields['arg'] as object, 'A_Const')?.sval?.sval;
      const isArray = (typeName?.arrayBounds ?? []).length > 0;
      casts.push({ labels: labelsOf(text, isArray), start, end: nameEnd(statement, start) });
    });
  }
  return casts;
}

/** The value of a default that is nothing else; undefined for other expressions. */
export function literalDefault(
  parser: SqlParser,
  expression: string,
  type: QualifiedName,
): string | undefined {
  const [cast, ...others] = enumCasts(parser, `SELECT ${expression}`, type);
  const select = asKind(parser.parse(`SELECT ${expression}`).statements[0]?.node, 'SelectStmt');
  const target = asKind(asKind(select?.targetList?.[0], 'ResTarget')?.val, 'TypeCast');
  if (!target || others.length > 0 || (target.typeName?.arrayBounds ?? []).length > 0) return undefined;
  return cast?.labels[0];
}

/** The operators of a statement that ask for the order of two values. */
export function comparesOrder(parser: SqlParser, statement: string): boolean {
  let found = false;
  for (const { node } of parser.parse(statement).statements) {
    walkTree(node, (kind, fields) => {
      if (kind !== 'A_Expr') return;
      const names = strings(fields['name'] as never);
      if (names.some((name) => /^(?:[<>]=?|(?:NOT )?BETWEEN(?: SYMMETRIC)?)$/.test(name))) found = true;
    });
  }
  return found;
}

function labelsOf(text: string | undefined, isArray: boolean): string[] {
  if (text === undefined) return [];
  if (!isArray) return [text];
  const items = text.match(/"(?:[^"\\]|\\.)*"|[^{},"]+/g) ?? [];
  return items.map((item) => (item.startsWith('"') ? item.slice(1, -1).replace(/\\(.)/g, '$1') : item));
}

/** Behind `schema.name`, each part quoted or not. */
function nameEnd(text: string, start: number): number {
  const part = `(?:"(?:[^"]|"")*"|[\\p{L}_][\\p{L}\\p{N}_$]*)`;
  const pattern = new RegExp(`${part}\\s*\\.\\s*${part}`, 'uy');
  pattern.lastIndex = start;
  return pattern.exec(text) ? pattern.lastIndex : start;
}
