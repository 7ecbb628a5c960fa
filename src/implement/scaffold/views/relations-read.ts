import { lexemes } from '../../../sql/lexer';
import type { QualifiedName } from '../../../sql/identifier';

/** Tables and views that a query reads by a name with a schema; without them the server would refuse it. */
export function relationsRead(sql: string): QualifiedName[] {
  const words = wordsOf(sql);
  const found = new Map<string, QualifiedName>();
  for (const [index, word] of words.entries()) {
    if (word !== 'from' && word !== 'join') continue;
    const [schema, dot, name] = words.slice(words[index + 1] === 'only' ? index + 2 : index + 1);
    if (schema === undefined || dot !== '.' || name === undefined) continue;
    const relation = { schema: bare(schema), name: bare(name) };
    if (!isSystemSchema(relation.schema)) found.set(JSON.stringify(relation), relation);
  }
  return [...found.values()];
}

/** Identifiers, those in quotes with them, and signs; nothing that is inside strings and comments. */
function wordsOf(sql: string): string[] {
  return [...lexemes(sql)].flatMap(({ kind, start, end }) => {
    const text = sql.slice(start, end);
    if (kind === 'identifier') return [text];
    if (kind !== 'code') return [];
    return (text.match(/[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|\S/g) ?? []).map((word) =>
      word.toLowerCase(),
    );
  });
}

function bare(word: string): string {
  return word.startsWith('"') ? word.slice(1, -1).replaceAll('""', '"') : word;
}

function isSystemSchema(schema: string): boolean {
  return schema === 'pg_catalog' || schema === 'information_schema';
}
