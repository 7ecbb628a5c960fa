import type { Session } from '../../database/session';
import { isSwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { quoteIdentifier } from '../../sql/identifier';
import { attempt } from './attempt';
import type { SeedForeignKey, SeedTable } from './seed-facts';
import { seededRandom } from './seeded-random';
import { planOf, type SeedOneTable, type TablePlan } from './seed-plan';

const mostRounds = 6;

/**
 * Fills a table up to `rows` rows that satisfy its constraints. Gives null, or a sentence saying why it has
 * fewer than one; a table that a constraint keeps small has what fits.
 */
export async function seedTable(session: Session, request: SeedOneTable): Promise<string | null> {
  const { table, rows, signal } = request;
  const there = await countRows(session, table, rows);
  if (there >= rows) return null;
  const plan = await planOf(session, request);
  if (plan.unknown !== null) return there > 0 ? null : cannotFill(table, plan.unknown);
  let filled = there;
  let failure: string | null = null;
  for (let round = 0; round < mostRounds && filled < rows; round += 1) {
    const wanted = rows - filled;
    const added = await attempt(session, () =>
      insertRound(session, table, plan, { round, rows, wanted, signal }),
    ).catch((error: unknown) => {
      if (!isSwitchbackError(error, 'database-error')) throw error;
      failure ??= String(error.details.message ?? error.sentence);
      return 0;
    });
    filled += added;
    // Rows that come one by one will not become many.
    if (added === 0 && round >= 2) break;
  }
  if (filled > 0) return null;
  return cannotFill(table, failure ?? t('no values were found that satisfy its constraints'));
}

function cannotFill(table: SeedTable, why: string): string {
  return t('{0} could not be filled with rows: {1}.', table.relation, why);
}

async function countRows(session: Session, table: SeedTable, most: number): Promise<number> {
  const { rows } = await session.query<{ count: string }>(
    `select count(*)::text as count from (select from only ${table.relation} limit ${most}) t`,
  );
  return Number(rows[0]!.count);
}

interface Round {
  round: number;
  rows: number;
  wanted: number;
  signal: AbortSignal;
}

/** The first round goes by the row's number, the later ones draw from all values, NULL among them. */
async function insertRound(
  session: Session,
  table: SeedTable,
  plan: TablePlan,
  { round, rows, wanted, signal }: Round,
): Promise<number> {
  const { columns } = plan;
  if (columns.length === 0) return insertDefaults(session, table, wanted, signal);
  const random = seededRandom(`${table.relation} ${round}`);
  const size = round === 0 ? wanted : rows;
  const numbers = Array.from({ length: size }, (_, index) => index + round * rows);
  const unique = new Set(table.uniques.flat());
  const picks = new Map<SeedForeignKey, number[]>();
  const arrays = columns.map((each) => {
    if (each.values.length === 0) return numbers.map(() => null);
    const inTurn = (row: number): number => Math.floor(row / each.divisor) % each.values.length;
    if (round === 0 || unique.has(each.column.name)) return numbers.map((row) => each.values[inTurn(row)]!);
    const drawn = numbers.map(() => Math.floor(random() * each.values.length));
    if (each.key === null) {
      const few = each.column.notNull ? 0 : 0.3;
      return drawn.map((place) => (random() < few ? null : each.values[place]!));
    }
    // Columns of one foreign key are of one referenced row.
    if (!picks.has(each.key)) picks.set(each.key, drawn);
    return picks.get(each.key)!.map((place) => each.values[place]!);
  });
  const names = columns.map((each) => quoteIdentifier(each.column.name));
  const conditions = plan.conditions.map((check) => `((${check}) is not false)`);
  const { rowCount } = await session.query(
    `insert into ${table.relation} (${names.join(', ')}) overriding system value
     select ${names.join(', ')} from (select ${columns
       .map((each, index) => `unnest($${index + 1}::text[])::${each.type} as ${names[index]!}`)
       .join(', ')}) t
      where ${conditions.join(' and ') || 'true'} limit ${wanted} on conflict do nothing`,
    arrays,
    { signal },
  );
  return rowCount;
}

async function insertDefaults(
  session: Session,
  table: SeedTable,
  wanted: number,
  signal: AbortSignal,
): Promise<number> {
  const none = table.columns.length === 0;
  const { rowCount } = await session.query(
    none
      ? `insert into ${table.relation} select from generate_series(1, ${wanted})`
      : `insert into ${table.relation} default values`,
    [],
    { signal },
  );
  return rowCount;
}
