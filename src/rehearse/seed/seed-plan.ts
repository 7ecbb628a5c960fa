import type { Session } from '../../database/session';
import { isSwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { formatIdentifier, quoteIdentifier } from '../../sql/identifier';
import { attempt } from './attempt';
import { knownKey, type KnownValues } from './known-values';
import { literalValues } from './seed-literals';
import type { SeedColumn, SeedForeignKey, SeedTable, SeedType } from './seed-facts';
import { firstSeededRow, valueForms } from './seed-values';

export interface SeedOneTable {
  table: SeedTable;
  types: ReadonlyMap<string, SeedType>;
  /** How many rows it should have. */
  rows: number;
  known: KnownValues;
  signal: AbortSignal;
}

/** Values beyond those wanted: constraints let only a part of them pass. */
const spare = 4;

interface ColumnPlan {
  column: SeedColumn;
  /** As SQL writes it, with its modifier. */
  type: string;
  /** All different, those by the row's number first; empty for NULL. */
  values: string[];
  /** Set together with other columns by a foreign key, from its `values[row % length]`. */
  key: SeedForeignKey | null;
  /** Takes `values[floor(row / divisor) % length]`. */
  divisor: number;
}

/** How a table is filled. */
export interface TablePlan {
  columns: ColumnPlan[];
  /** Conditions of a row as a whole. */
  conditions: string[];
  /** Why it cannot be filled; null when it can. */
  unknown: string | null;
}

/** What each column of a table is filled with. */
export async function planOf(session: Session, request: SeedOneTable): Promise<TablePlan> {
  const { table, rows } = request;
  const plan: TablePlan = { columns: [], conditions: table.checks, unknown: null };
  const keys = await keyValues(session, request);
  for (const column of table.columns.filter((each) => !each.generated)) {
    const type = column.typeName;
    const key = keys.get(column.name);
    if (key && key.values.length > 0) {
      plan.columns.push({ column, type, values: key.values, key: key.key, divisor: 1 });
      continue;
    }
    const nullable = !isNotNull(column, request.types);
    // There is no row yet that it could reference.
    const values = key && nullable ? [] : await ownValues(session, request, column, type);
    if (values.length === 0 && !nullable && column.hasDefault) continue;
    if (values.length === 0 && !nullable) {
      plan.unknown = t('no value of {0} is known that satisfies its constraints', column.name);
      return plan;
    }
    plan.columns.push({ column, type, values, key: null, divisor: 1 });
  }
  for (const unique of table.uniques) spread(plan.columns, unique, rows);
  return plan;
}

function isNotNull(column: SeedColumn, types: SeedOneTable['types']): boolean {
  for (let type = types.get(column.type); type?.kind === 'd'; type = types.get(type.base)) {
    if (type.notNull) return true;
  }
  return column.notNull;
}

/** Where no column of a key has enough values by itself, their combinations are gone through. */
function spread(columns: readonly ColumnPlan[], unique: readonly string[], rows: number): void {
  const parts = columns.filter((plan) => unique.includes(plan.column.name) && plan.values.length > 0);
  if (parts.some((plan) => plan.values.length >= rows && plan.divisor === 1)) return;
  let divisor = 1;
  for (const plan of parts) {
    if (plan.divisor === 1) plan.divisor = divisor;
    divisor *= plan.values.length;
  }
}

/** For each column of a foreign key, the values that its referenced rows have, in one order for all its columns. */
async function keyValues(
  session: Session,
  { table, rows }: SeedOneTable,
): Promise<Map<string, { key: SeedForeignKey; values: string[] }>> {
  const found = new Map<string, { key: SeedForeignKey; values: string[] }>();
  for (const key of table.foreignKeys) {
    if (key.table === table.oid || key.columns.some((column) => found.has(column))) continue;
    const columns = key.referenced.map((column) => quoteIdentifier(column));
    const { rows: tuples } = await session.query<{ tuple: string[] }>(
      `select array[${columns.map((column) => `${column}::text`).join(', ')}] as tuple from ${key.relation}
        where ${columns.map((column) => `${column} is not null`).join(' and ')} order by ${columns.join(', ')} desc limit ${rows}`,
    );
    tuples.reverse();
    for (const [place, column] of key.columns.entries())
      found.set(column, { key, values: tuples.map(({ tuple }) => tuple[place]!) });
  }
  return found;
}

async function typeName(session: Session, oid: string, typmod: number): Promise<string> {
  const { rows } = await session.query<{ name: string }>('select format_type($1::oid, $2) as name', [
    oid,
    typmod,
  ]);
  return rows[0]!.name;
}

/** Values of a column that pass the constraints on it alone: by the row's number where they do, else any that do. */
async function ownValues(
  session: Session,
  request: SeedOneTable,
  column: SeedColumn,
  type: string,
): Promise<string[]> {
  const { table, types, rows, known } = request;
  const checks = [
    ...table.checks.filter((check) => isAbout(check, column, table)),
    ...domainChecks(types, column),
  ];
  const key = knownKey(column, types.get(column.type), checks, rows);
  const before = key === null ? undefined : known.get(key);
  if (before) return [...before];
  const base = await baseTypeName(session, types, column, type);
  const found = await passingValues(session, request, { column, base, checks });
  if (key !== null) known.set(key, found);
  return found;
}

interface AskedColumn {
  column: SeedColumn;
  /** The name of its type, below all domains. */
  base: string;
  checks: readonly string[];
}

async function passingValues(
  session: Session,
  { types, rows }: SeedOneTable,
  { column, base, checks }: AskedColumn,
): Promise<string[]> {
  const forms = valueForms(types, column.type, column.typmod);
  const numbers = Array.from({ length: rows * spare }, (_, index) => firstSeededRow + index);
  const passed: string[] = [];
  for (const form of forms) {
    const candidates = [...new Set(numbers.map(form))];
    // Without a condition the first and the last tell whether the type takes them.
    const ends = [candidates[0]!, candidates.at(-1)!];
    const taken = await passing(session, column, base, [], ends);
    if (taken.length === 0) continue;
    const good =
      checks.length === 0 && taken.length === ends.length
        ? candidates
        : await passing(session, column, base, checks, candidates);
    passed.push(...good);
    if (good.length === candidates.length || new Set(passed).size >= rows * spare) break;
  }
  if (checks.length > 0 && passed.length < rows)
    passed.push(...(await passing(session, column, base, checks, literalValues(checks, rows))));
  return [...new Set(passed)];
}

async function baseTypeName(
  session: Session,
  types: SeedOneTable['types'],
  column: SeedColumn,
  type: string,
): Promise<string> {
  let [known, typmod] = [types.get(column.type), column.typmod];
  if (known?.kind !== 'd') return type;
  while (known?.kind === 'd') [known, typmod] = [types.get(known.base), known.baseTypmod];
  return known ? typeName(session, known.oid, typmod) : type;
}

/** The constraints of a domain, and of those below it, as conditions on the column. */
function domainChecks(types: SeedOneTable['types'], column: SeedColumn): string[] {
  const checks: string[] = [];
  for (let type = types.get(column.type); type?.kind === 'd'; type = types.get(type.base)) {
    for (const check of type.checks)
      checks.push(outsideStrings(check, (text) => text.replace(/\bVALUE\b/g, quoteIdentifier(column.name))));
  }
  return checks;
}

/** Whether an expression speaks of this column and of no other. */
function isAbout(check: string, column: SeedColumn, table: SeedTable): boolean {
  const names = table.columns.filter((each) => mentions(check, each.name));
  return names.length === 1 && names[0] === column;
}

function mentions(expression: string, name: string): boolean {
  const written = formatIdentifier(name);
  let found = false;
  outsideStrings(expression, (text) => {
    const pattern = new RegExp(`(?<![\\w"$])${written.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w"$(])`);
    found ||= pattern.test(text) || text.includes(quoteIdentifier(name));
    return text;
  });
  return found;
}

function outsideStrings(expression: string, change: (text: string) => string): string {
  return expression
    .split(/('(?:[^']|'')*')/)
    .map((part, index) => (index % 2 === 0 ? change(part) : part))
    .join('');
}

/** Those of the values that the type takes and the conditions let pass; a failing half is asked in halves again. */
async function passing(
  session: Session,
  column: SeedColumn,
  type: string,
  checks: readonly string[],
  values: readonly string[],
): Promise<string[]> {
  const conditions = checks.map((check) => `((${check}) is not false)`).join(' and ') || 'true';
  try {
    const { rows } = await attempt(session, () =>
      session.query<{ number: number }>(
        `select number from (select o::int as number, v::${type} as ${quoteIdentifier(column.name)}
           from unnest($1::text[]) with ordinality as u(v, o)) t where ${conditions} order by number`,
        [values],
      ),
    );
    return rows.map(({ number }) => values[number - 1]!);
  } catch (error) {
    if (!isSwitchbackError(error) || error.code === 'connection-lost' || error.code === 'cancelled')
      throw error;
    if (values.length <= 1) return [];
    const middle = Math.ceil(values.length / 2);
    return [
      ...(await passing(session, column, type, checks, values.slice(0, middle))),
      ...(await passing(session, column, type, checks, values.slice(middle))),
    ];
  }
}
