import * as v from 'valibot';
import { t } from '../../messages/translate';
import { formatQualifiedName } from '../../sql/identifier';
import type { ChangeFindings } from '../change-facts';
import { keptResults } from '../raw/kept-results';
import { firstLine, lookAtRawSql } from '../raw/look-at-raw-sql';
import type { ChangeType, Look } from './change-type';
import { storedName } from './stored-name';

const stored = v.object({
  kind: v.literal('raw-sql'),
  table: storedName,
  sql: v.string(),
  /** How it is taken back; null where Switchback derives it. */
  down: v.nullable(v.string()),
  /** A condition that is true when it is done; null where the catalog tells. */
  proof: v.nullable(v.string()),
  irreversible: v.boolean(),
});

/** Statements of one's own, cut into steps by what they will do. */
export type RawSql = v.InferOutput<typeof stored>;

export const rawSql = {
  kind: 'raw-sql',
  group: 'sql',
  title: () => t('Run SQL of your own'),
  description: () =>
    t('Cut into steps by the locks and the work of its statements; what cannot be derived is asked for.'),
  stored,
  subject: 'any',
  fields: () => [
    {
      id: 'sql',
      asks: 'text',
      label: t('SQL'),
      lines: 8,
      question: () => t('What is to be run?'),
      placeholder: 'CREATE VIEW app.open_orders AS SELECT ...',
      hint: t('Statements with schema.name, separated by semicolons.'),
    },
    {
      id: 'down',
      asks: 'text',
      label: t('Way back'),
      lines: 4,
      question: () => t('How is it taken back, as SQL?'),
      hint: t('Leave it empty where the SQL itself tells: what it creates or renames.'),
      optional: true,
    },
    {
      id: 'proof',
      asks: 'text',
      label: t('Condition when done'),
      question: () => t('What is true when it is done, as SQL?'),
      placeholder: 'NOT EXISTS (SELECT FROM app.orders WHERE note IS NULL)',
      hint: t('Leave it empty where the catalog tells: what is created, dropped or renamed.'),
      optional: true,
    },
    {
      id: 'irreversible',
      asks: 'flag',
      label: t('It cannot be taken back'),
      question: () => t('Can it be taken back?'),
      yes: t('No: it is a point of no return'),
      no: t('Yes'),
    },
  ],
  usage: '--sql SQL [--down SQL] [--proof CONDITION] [--irreversible]',
  read: (answers): RawSql => ({
    kind: 'raw-sql',
    table: answers.table(),
    sql: answers.text('sql'),
    down: answers.optionalText('down'),
    proof: answers.optionalText('proof'),
    irreversible: answers.flag('irreversible'),
  }),
  answers: ({ sql, down, proof, irreversible }): Record<string, string> => ({
    sql,
    ...(down === null ? {} : { down }),
    ...(proof === null ? {} : { proof }),
    ...(irreversible ? { irreversible: 'yes' } : {}),
  }),
  planChoices: [],
  describe: ({ table, sql }) => t('Run SQL on {0}: {1}', formatQualifiedName(table), firstLine(sql)),
  words: ({ table, sql }) => `sql on ${table.name} ${firstLine(sql)}`,
  columns: () => [],
  concernsTable: true,
  law: () => null,
  look,
  check: () => undefined,
  migrationType: ({ irreversible }) =>
    irreversible
      ? { id: 'schema-destructive', why: t('It is said that it cannot be taken back.') }
      : { id: 'schema-additive', why: t('Every statement of it can be taken back.') },
  rewritesRows: () => false,
  states: ({ table, sql, proof }) => ({
    before: [t('{0} is as it is now.', formatQualifiedName(table))],
    after: [
      t('This has run: {0}', firstLine(sql)),
      ...(proof === null ? [] : [t('This is true: {0}', proof)]),
    ],
  }),
} satisfies ChangeType<RawSql>;

async function look(change: RawSql, at: Look): Promise<ChangeFindings> {
  const found = await lookAtRawSql(change, at);
  return { ...found, blockers: [...(found.blockers ?? []), ...(await keptResults(change.sql, at))] };
}
