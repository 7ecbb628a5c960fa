import * as v from 'valibot';
import type { Dependents, TableFacts } from '../../catalog/table-facts';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import type { ChangeFindings } from '../change-facts';
import type { ChangeType, Look } from './change-type';
import { storedName } from './stored-name';

const stored = v.object({ kind: v.literal('drop-statistics'), table: storedName, name: v.string() });

/** Extended statistics that go. */
export type DropStatistics = v.InferOutput<typeof stored>;

export const dropStatistics = {
  kind: 'drop-statistics',
  group: 'indexes',
  title: () => t('Drop extended statistics'),
  description: () => t('The planner forgets how values of several columns go together.'),
  stored,
  fields: () => [{ id: 'name', asks: 'name', label: t('Name'), question: () => t('Name of the statistics') }],
  usage: '--name N',
  read: (answers): DropStatistics => ({
    kind: 'drop-statistics',
    table: answers.table(),
    name: answers.name('name'),
  }),
  answers: ({ name }) => ({ name }),
  planChoices: [],
  describe: ({ table, name }) =>
    t('Drop the statistics {1} of {0}', formatQualifiedName(table), formatIdentifier(name)),
  words: ({ name }) => `drop statistics ${name}`,
  columns: () => [],
  law: () => null,
  look,
  check: ({ name }, table) => void statisticsOf(table, name),
  migrationType: () => ({
    id: 'schema-additive',
    why: t('Only what the planner knows changes; no row and no code has to.'),
  }),
  rewritesRows: () => false,
  states: ({ name }, table) => ({
    before: [t('There is {0}.', statisticsOf(table, name).definition)],
    after: [
      t('The statistics {0} are gone, and ANALYZE has less to do.', formatIdentifier(name)),
      t('Rows that are there keep their values.'),
    ],
  }),
} satisfies ChangeType<DropStatistics>;

/** Statistics of the table, those in its own schema first. Throws `not-found`, with the names there are. */
export function statisticsOf(table: TableFacts, name: string): Dependents['statistics'][number] {
  const { statistics } = table.dependents;
  const called = statistics.filter((each) => each.name.name === name);
  const found = called.find((each) => each.name.schema === table.name.schema) ?? called[0];
  if (found) return found;
  throw new SwitchbackError(
    'not-found',
    t(
      'There are no statistics {0} of {1}. Choose some of these: {2}.',
      formatIdentifier(name),
      formatQualifiedName(table.name),
      statistics.map((each) => formatQualifiedName(each.name)).join(', ') || t('it has none'),
    ),
  );
}

async function look({ name }: DropStatistics, { session, table, signal }: Look): Promise<ChangeFindings> {
  const found = statisticsOf(table, name);
  // to_jsonb gives null for a column that servers before 13 do not have.
  const { rows } = await session.query<{ comment: string | null; owner: string; target: number | null }>(
    `SELECT pg_catalog.obj_description(s.oid, 'pg_statistic_ext') AS comment, pg_catalog.pg_get_userbyid(s.stxowner)::text AS owner,
            nullif((to_jsonb(s) ->> 'stxstattarget')::int, -1) AS target
       FROM pg_catalog.pg_statistic_ext s JOIN pg_catalog.pg_namespace n ON n.oid = s.stxnamespace
      WHERE n.nspname = $1 AND s.stxname = $2`,
    [found.name.schema, found.name.name],
    { signal },
  );
  return { statistics: rows[0]!, blockers: [] };
}
