import * as v from 'valibot';
import { columnOf } from '../../catalog/read-table-facts';
import type { TableFacts } from '../../catalog/table-facts';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import type { ChangeFindings } from '../change-facts';
import type { ChangeType, Look } from './change-type';
import { differingPartitions } from './differing-partitions';
import { storedName } from './stored-name';

const stored = v.object({
  kind: v.literal('drop-default'),
  table: storedName,
  column: v.string(),
});

/** A column whose default goes. */
export type DropDefault = v.InferOutput<typeof stored>;

export const dropDefault = {
  kind: 'drop-default',
  group: 'columns',
  title: () => t('Drop a default'),
  description: () => t('Every writer gives the value itself before the default goes.'),
  stored,
  fields: () => [{ id: 'column', asks: 'column', label: t('Column'), question: () => t('Which column?') }],
  usage: '--column C',
  read: (answers): DropDefault => ({
    kind: 'drop-default',
    table: answers.table(),
    column: answers.name('column'),
  }),
  answers: ({ column }) => ({ column }),
  planChoices: [],
  describe: ({ table, column }) =>
    t('Drop the default of {0}.{1}', formatQualifiedName(table), formatIdentifier(column)),
  words: ({ table, column }) => `drop default of ${table.name} ${column}`,
  columns: ({ column }) => [{ column, fate: 'used' }],
  law: () => null,
  look,
  check,
  migrationType: () => ({
    id: 'api-breaking-change',
    why: t('Writers that leave the column out have to give it a value before the default goes.'),
  }),
  rewritesRows: () => false,
  states,
} satisfies ChangeType<DropDefault>;

async function look({ column }: DropDefault, at: Look): Promise<ChangeFindings> {
  const others = await differingPartitions(at, column, 'default');
  if (others.length === 0) return { blockers: [] };
  return {
    blockers: [
      t(
        'The default of {0} is another one in {1}, and would go there too. Give it the default of {2} first, or drop it there.',
        formatIdentifier(column),
        others.join(', '),
        formatQualifiedName(at.table.name),
      ),
    ],
  };
}

function check({ column }: DropDefault, table: TableFacts): void {
  const facts = columnOf(table, column);
  const relation = formatQualifiedName(table.name);
  const name = formatIdentifier(column);
  if (facts.generated !== null || facts.identity !== null) {
    throw new SwitchbackError(
      'invalid-input',
      t(
        '{0}.{1} gets its value from the server ({2}), which is no default. Choose another column.',
        relation,
        name,
        facts.generated === null ? 'IDENTITY' : 'GENERATED',
      ),
    );
  }
  if (facts.default !== null) return;
  throw new SwitchbackError(
    'already-done',
    t('{0}.{1} has no default. There is nothing to do.', relation, name),
  );
}

function states({ column }: DropDefault, table: TableFacts): { before: string[]; after: string[] } {
  const name = formatIdentifier(column);
  const facts = columnOf(table, column);
  return {
    before: [t('The default of {0} is {1}.', name, facts.default ?? t('not set'))],
    after: [
      facts.notNull
        ? t('A row inserted without {0} is refused.', name)
        : t('A row inserted without {0} has no value there (NULL).', name),
      t('Rows that are there keep their values.'),
    ],
  };
}
