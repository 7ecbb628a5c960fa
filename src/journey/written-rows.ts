import type { Catalog } from '../catalog/catalog';
import type { Difference } from '../catalog/compare';
import type { FollowedCatalog } from '../catalog/follow-catalog';
import type { Session } from '../database/session';
import { lostData, type ShadowData } from '../rehearse/table-data';
import { quoteIdentifier, quoteLiteral } from '../sql/identifier';

/** More rows are not written into a migration. */
export const mostRows = 1000;

/** How many rows there are, in all tables but these. */
export function countRows(data: ShadowData, own: readonly string[]): number {
  return [...data].reduce((sum, [table, { rows }]) => sum + (own.includes(`table ${table}`) ? 0 : rows), 0);
}

/** One INSERT for each table with rows, their values as the server writes them. */
export async function insertsOf(
  session: Session,
  { catalog, relations }: FollowedCatalog,
  data: ShadowData,
  own: readonly string[],
): Promise<string[]> {
  const inserts: string[] = [];
  for (const { object, columns } of relations) {
    const table = object.slice('table '.length);
    if (own.includes(object) || (data.get(table)?.rows ?? 0) === 0) continue;
    const parts = catalog.objects[object]?.parts ?? {};
    const of = (column: string): Record<string, string> =>
      parts[`column ${column}`] ?? parts[`column "${column.replaceAll('"', '""')}"`] ?? {};
    const written = columns.filter((column) => column !== null).filter((column) => !of(column)['generated']);
    const list = written.map(quoteIdentifier);
    const values = list.map((column) => `${column}::text`).join(', ');
    const { rows } = await session.query<{ row: (string | null)[] }>(
      `select array[${values}]::text[] as row from only ${table} order by ctid`,
    );
    const overriding = written.some((column) => of(column)['identity']) ? ' OVERRIDING SYSTEM VALUE' : '';
    const tuples = rows.map(({ row }) => `    (${row.map(literal).join(', ')})`);
    inserts.push(`INSERT INTO ${table} (${list.join(', ')})${overriding} VALUES\n${tuples.join(',\n')}`);
  }
  return inserts;
}

function literal(value: string | null): string {
  return value === null ? 'NULL' : quoteLiteral(value);
}

/** How far each sequence has counted, by its name as SQL writes it. */
export type SequenceValues = ReadonlyMap<string, { value: string; isCalled: boolean }>;

/** Reads how far each sequence has counted. */
export async function readSequences(
  session: Session,
  { objects }: Catalog,
  own: readonly string[],
): Promise<SequenceValues> {
  const names = Object.keys(objects)
    .filter((object) => object.startsWith('sequence ') && !own.includes(object))
    .map((object) => object.slice('sequence '.length));
  const values = new Map<string, { value: string; isCalled: boolean }>();
  for (const name of names) {
    const { rows } = await session.query<{ value: string; called: boolean }>(
      `select last_value::text as value, is_called as called from ${name}`,
    );
    values.set(name, { value: rows[0]!.value, isCalled: rows[0]!.called });
  }
  return values;
}

/** What sets the sequences that have given out numbers. */
export function sequenceStatements(sequences: SequenceValues): string[] {
  return [...sequences]
    .filter(([, { isCalled }]) => isCalled)
    .map(([name, { value }]) => `SELECT pg_catalog.setval(${quoteLiteral(name)}, ${value}, true)`);
}

/** Where rows or sequences of two databases are not the same. */
export function rowDifferences(
  before: { data: ShadowData; sequences: SequenceValues },
  after: { data: ShadowData; sequences: SequenceValues },
  own: readonly string[],
): Difference[] {
  const lost = lostData(before.data, after.data);
  const more = lostData(after.data, before.data).filter(
    ({ object }) => !lost.some((one) => one.object === object),
  );
  const rows = [...lost, ...more]
    .filter(({ object }) => !own.some((name) => object === name || object.startsWith(`${name} column `)))
    .map(({ object, kind }): Difference => {
      const table = object.replace(/^table /, '').replace(/ column .*$/, '');
      const count = (data: ShadowData): string => String(data.get(table)?.rows ?? 0);
      return {
        object,
        property: kind,
        before: count(before.data),
        after: count(after.data),
        kind: 'structure',
      };
    });
  const counted = [...before.sequences].flatMap(([name, { value, isCalled }]): Difference[] => {
    const other = after.sequences.get(name);
    if (!other || (other.value === value && other.isCalled === isCalled)) return [];
    return [
      {
        object: `sequence ${name}`,
        property: 'last value',
        before: value,
        after: other.value,
        kind: 'structure',
      },
    ];
  });
  return [...rows, ...counted];
}
