import type { TableFacts } from '../catalog/table-facts';
import { t } from '../messages/translate';
import { formatQualifiedName, type QualifiedName } from '../sql/identifier';
import type { Look } from './changes/change-type';
import { parenthesized, parsedBound } from './partition-bound-text';
import { isStatementFault, readOnlyRows } from './read-only-query';

/** A value as the server compares it, or an end that is open. */
type End = { open: -1 | 1 } | { value: string };

interface Sibling extends QualifiedName {
  bound: string;
}

/** Why no partition can have that bound beside the others of the table: it is empty, or meets one of theirs. */
export async function boundBlockers(bound: string, keys: readonly string[], at: Look): Promise<string[]> {
  const { session, table, signal } = at;
  const { rows: siblings } = await session.query<Sibling>(
    `select n.nspname::text as schema, c.relname::text as name, pg_get_expr(c.relpartbound, c.oid) as bound
       from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_inherits i on i.inhrelid = c.oid
       join pg_class p on p.oid = i.inhparent join pg_namespace pn on pn.oid = p.relnamespace
      where pn.nspname = $1 and p.relname = $2 and pg_get_expr(c.relpartbound, c.oid) <> 'DEFAULT' order by 1, 2`,
    [table.name.schema, table.name.name],
    { signal },
  );
  const questions = [
    emptySql(bound, keys, table),
    ...siblings.map((each) => meetsSql(bound, each.bound, keys, at)),
  ];
  const answers = await readOnlyRows(
    session,
    `SELECT ARRAY[${questions.map((question) => `coalesce(${question}, false)`).join(',\n')}]::boolean[] AS found`,
    signal,
  ).catch((error: unknown) => {
    // A value that does not fit is told of where rows are looked for.
    if (!isStatementFault(error)) throw error;
    return [];
  });
  const [empty, ...met] = (answers[0]?.['found'] as boolean[] | undefined) ?? [];
  return [
    ...(empty === true
      ? [t('No row is within {0}: its lower end is not below its upper end. Correct it.', bound)]
      : siblings
          .filter((_, place) => met[place] === true)
          .map((each) =>
            t(
              '{0} does not go with the partition {1}, which has {2}. Choose another bound, or detach that one first.',
              bound,
              formatQualifiedName(each),
              each.bound,
            ),
          )),
  ];
}

function emptySql(bound: string, keys: readonly string[], table: TableFacts): string {
  if (table.partitioning!.strategy !== 'range') return 'false';
  const [lower, upper] = endsOf(bound, keys, table);
  return `NOT ${isBelow(lower, upper)}`;
}

function meetsSql(bound: string, other: string, keys: readonly string[], { table, parser }: Look): string {
  switch (table.partitioning!.strategy) {
    case 'range': {
      const [lower, upper] = endsOf(bound, keys, table);
      const [otherLower, otherUpper] = endsOf(other, keys, table);
      return `(${isBelow(lower, otherUpper)} AND ${isBelow(otherLower, upper)})`;
    }
    case 'list': {
      const [one, two] = [bound, other].map((text) => parenthesized(text)[0] ?? []) as [string[], string[]];
      if ([one, two].every((list) => list.some(isNull))) return 'true';
      const type = table.columns.find(({ name }) => name === keys[0])!.type;
      const values = (list: string[]): string =>
        `ARRAY[${list
          .filter((text) => !isNull(text))
          .map((text) => `CAST(${text} AS ${type})`)
          .join(', ')}]::${type}[]`;
      return `${values(one)} && ${values(two)}`;
    }
    case 'hash': {
      const [one, two] = [parsedBound(parser, bound), parsedBound(parser, other)];
      const [modulus, more] = [one?.modulus ?? 1, two?.modulus ?? 1].sort((a, b) => a - b) as [
        number,
        number,
      ];
      const same = (one?.remainder ?? 0) % modulus === (two?.remainder ?? 0) % modulus;
      return String(same || more % modulus !== 0);
    }
  }
}

function isNull(text: string): boolean {
  return /^null$/i.test(text) || /^null::/i.test(text);
}

function endsOf(bound: string, keys: readonly string[], { columns }: TableFacts): [End[], End[]] {
  const ends = parenthesized(bound).map((list) =>
    list.map((text, place): End => {
      if (/^minvalue$/i.test(text)) return { open: -1 };
      if (/^maxvalue$/i.test(text)) return { open: 1 };
      const { type, collation } = columns.find(({ name }) => name === keys[place])!;
      return { value: `CAST(${text} AS ${type})${collation === null ? '' : ` COLLATE ${collation}`}` };
    }),
  );
  return [ends[0] ?? [], ends[1] ?? []];
}

/** Whether one end lies below another, by its first column in which they differ; behind an open one nothing counts. */
function isBelow(one: readonly End[], other: readonly End[]): string {
  const [left, right] = [one[0], other[0]];
  if (left === undefined || right === undefined) return 'false';
  const ranks = [left, right].map((end) => ('open' in end ? end.open : 0)) as [number, number];
  if ('open' in left || 'open' in right) return String(ranks[0] < ranks[1]);
  const rest = isBelow(one.slice(1), other.slice(1));
  return `(${left.value} < ${right.value} OR ${left.value} = ${right.value} AND ${rest})`;
}
