import * as v from 'valibot';
import { columnOf } from '../../catalog/read-table-facts';
import type { TableFacts } from '../../catalog/table-facts';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import type { ChangeFindings } from '../change-facts';
import type { Answers, ChangeType, Look } from './change-type';
import { storedName } from './stored-name';

const most = 10_000;

const stored = v.object({
  kind: v.literal('set-statistics-target'),
  table: storedName,
  column: v.string(),
  /** -1: what the server has for all (default_statistics_target). */
  target: v.pipe(v.number(), v.integer(), v.minValue(-1), v.maxValue(most)),
});

/** How much ANALYZE gathers of a column. */
export type SetStatisticsTarget = v.InferOutput<typeof stored>;

export const setStatisticsTarget = {
  kind: 'set-statistics-target',
  group: 'indexes',
  title: () => t('Set how much is gathered of a column'),
  description: () => t('ANALYZE keeps more or fewer values of it for the planner.'),
  stored,
  fields: () => [
    { id: 'column', asks: 'column', label: t('Column'), question: () => t('Which column?') },
    {
      id: 'target',
      asks: 'text',
      label: t('Statistics target'),
      question: ({ column }) => t('How many values of {0} may ANALYZE keep?', column ?? ''),
      placeholder: '1000',
      hint: t('0 to {0}, or {1}.', most, 'default'),
    },
  ],
  usage: '--column C --target N',
  read,
  answers: ({ column, target }) => ({ column, target: targetWords(target) }),
  planChoices: [],
  describe: ({ table, column, target }) =>
    t(
      'Set the statistics target of {0}.{1} to {2}',
      formatQualifiedName(table),
      formatIdentifier(column),
      targetWords(target),
    ),
  words: ({ table, column }) => `statistics target of ${table.name} ${column}`,
  columns: ({ column }) => [{ column, fate: 'used' }],
  law: () => null,
  look,
  check,
  migrationType: () => ({
    id: 'schema-additive',
    why: t('Only what the planner knows changes; no row and no code has to.'),
  }),
  rewritesRows: () => false,
  states: ({ column, target }, table) => ({
    before: [
      t(
        'The statistics target of {0} is {1}.',
        formatIdentifier(column),
        targetWords(columnOf(table, column).statisticsTarget ?? -1),
      ),
    ],
    after: [
      t('The statistics target of {0} is {1}.', formatIdentifier(column), targetWords(target)),
      t('Rows that are there keep their values.'),
    ],
  }),
} satisfies ChangeType<SetStatisticsTarget>;

/** `default` in place of -1. */
export function targetWords(target: number): string {
  return target < 0 ? 'default' : String(target);
}

function read(answers: Answers): SetStatisticsTarget {
  const text = answers.text('target').trim().toLowerCase();
  const target = text === 'default' || text === '-1' ? -1 : /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (target <= most) {
    return { kind: 'set-statistics-target', table: answers.table(), column: answers.name('column'), target };
  }
  throw new SwitchbackError(
    'usage',
    t('Give --{0} a number from 0 to {1}, or {2}, not "{3}".', 'target', most, 'default', text),
  );
}

async function look(
  { column }: SetStatisticsTarget,
  { session, table, signal }: Look,
): Promise<ChangeFindings> {
  const { rows } = await session.query<{ schema: string; name: string; target: number }>(
    `WITH RECURSIVE part AS (
       SELECT pg_catalog.to_regclass($1)::oid AS oid, 0 AS level
        UNION ALL
       SELECT h.inhrelid, part.level + 1 FROM part JOIN pg_catalog.pg_inherits h ON h.inhparent = part.oid
     )
     SELECT n.nspname::text AS schema, c.relname::text AS name, coalesce(a.attstattarget, -1)::int AS target
       FROM (SELECT oid, min(level) AS level FROM part GROUP BY oid) AS part
       JOIN pg_catalog.pg_class c ON c.oid = part.oid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attname = $2 AND NOT a.attisdropped
      ORDER BY part.level, n.nspname, c.relname`,
    [formatQualifiedName(table.name), column],
    { signal },
  );
  return {
    statisticsTargets: rows.map(({ schema, name, target }) => ({ table: { schema, name }, target })),
    blockers: [],
  };
}

function check({ column, target }: SetStatisticsTarget, table: TableFacts): void {
  const { statisticsTarget } = columnOf(table, column);
  const isAlone = table.partitioning === null && table.inheritedBy.length === 0;
  if ((statisticsTarget ?? -1) !== target || !isAlone) return;
  throw new SwitchbackError(
    'already-done',
    t(
      'The statistics target of {0}.{1} is {2} already. There is nothing to do.',
      formatQualifiedName(table.name),
      formatIdentifier(column),
      targetWords(target),
    ),
  );
}
