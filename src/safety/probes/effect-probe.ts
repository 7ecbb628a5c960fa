import { quoteIdentifier, quoteLiteral } from '../../sql/identifier';

/** One thing a statement leaves in the catalog, or takes out of it. */
export interface EffectProbe {
  /** As people name it: `column orders.note`. */
  object: string;
  wants: 'there' | 'gone';
  /** Boolean SQL over the catalog, without parameters: whether it is as wanted. */
  holds: string;
  /** false: it may have been like that before, as a view that is made anew. */
  decides: boolean;
  /** Names without schemas, outermost first (`orders/note`), by which a later statement is seen to change it again. */
  paths: readonly string[];
  /** Whether it is found by the search path. */
  searched: boolean;
}

/** A relation as SQL names it, with the words and the path of it. */
export interface NamedRelation {
  sql: string;
  words: string;
  path: string;
  searched: boolean;
}

type Range = { catalogname?: string; schemaname?: string; relname?: string } | undefined;

export function relationOf(range: Range): NamedRelation | null {
  if (!range?.relname || range.catalogname) return null;
  return namedRelation(range.schemaname ? [range.schemaname, range.relname] : [range.relname]);
}

/** null for a name of three parts, and for none. */
export function namedRelation(parts: readonly string[]): NamedRelation | null {
  const name = parts.at(-1);
  if (!name || parts.length > 2) return null;
  return {
    sql: `to_regclass(${quoteLiteral(parts.map(quoteIdentifier).join('.'))})`,
    words: parts.join('.'),
    path: name,
    searched: parts.length === 1,
  };
}

/** A whole relation that is there, or gone. */
export function relationProbe(word: string, relation: NamedRelation, wants: 'there' | 'gone'): EffectProbe {
  return {
    object: `${word} ${relation.words}`,
    wants,
    holds: `${relation.sql} is ${wants === 'there' ? 'not ' : ''}null`,
    decides: true,
    paths: [relation.path],
    searched: relation.searched,
  };
}

/** Something of a table; where the table is missing it is neither there nor taken away. */
export function partProbe(
  word: string,
  relation: NamedRelation,
  name: string,
  wants: 'there' | 'gone',
  exists: string,
): EffectProbe {
  return {
    object: `${word} ${relation.words}.${name}`,
    wants,
    holds:
      wants === 'there' ? `exists (${exists})` : `(${relation.sql} is not null and not exists (${exists}))`,
    decides: true,
    paths: [`${relation.path}/${name}`],
    searched: relation.searched,
  };
}

export function columnProbe(table: NamedRelation, name: string, wants: 'there' | 'gone'): EffectProbe {
  return partProbe('column', table, name, wants, columnSql(table, name));
}

/** The row of a column in pg_attribute. */
export function columnSql(table: NamedRelation, name: string): string {
  return `select from pg_attribute where attrelid = ${table.sql} and attname = ${quoteLiteral(name)}
  and attnum > 0 and not attisdropped`;
}

export function constraintProbe(table: NamedRelation, name: string, wants: 'there' | 'gone'): EffectProbe {
  const exists = `select from pg_constraint where conrelid = ${table.sql} and conname = ${quoteLiteral(name)}`;
  return partProbe('constraint', table, name, wants, exists);
}
