import * as v from 'valibot';
import { columnOf } from '../../catalog/read-table-facts';
import type { TableFacts } from '../../catalog/table-facts';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { lookAtWidenedKey } from '../widened-key';
import { isNarrower, wideTypes } from '../widened-key-type';
import type { Answers, ChangeType } from './change-type';
import { storedName } from './stored-name';

const stored = v.object({
  kind: v.literal('widen-key'),
  table: storedName,
  type: v.picklist(wideTypes),
});

/** A primary key that gets room for more numbers, with all that refers to it. */
export type WidenKey = v.InferOutput<typeof stored>;

export const widenKey = {
  kind: 'widen-key',
  group: 'columns',
  title: () => t('Make a primary key wider'),
  description: () =>
    t(
      'The key, the columns that refer to it and its sequence become bigint: beside the old ones, kept equal, and exchanged in one short moment.',
    ),
  stored,
  fields: () => [
    {
      id: 'type',
      asks: 'text',
      label: t('Type'),
      question: () => t('New type of the primary key'),
      placeholder: 'bigint',
      hint: t('One of {0}. Left empty, it is {1}.', wideTypes.join(', '), 'bigint'),
      optional: true,
    },
  ],
  usage: '[--type TYPE]',
  read,
  answers: ({ type }) => ({ type }),
  planChoices: [],
  describe: ({ table, type }) => t('Make the primary key of {0} {1}', formatQualifiedName(table), type),
  words: ({ table, type }) => `widen key ${table.name} to ${type}`,
  columns: () => [],
  concernsTable: true,
  law: () => null,
  look: lookAtWidenedKey,
  check,
  migrationType: () => ({
    id: 'data-format-change',
    why: t('Every value of the key gets another form, which old and new code have to read.'),
  }),
  rewritesRows: () => true,
  states,
} satisfies ChangeType<WidenKey>;

/** The only column of the primary key. Throws `not-found` without a key, `invalid-input` where it has several columns. */
export function keyColumnOf(table: TableFacts): string {
  const relation = formatQualifiedName(table.name);
  const [column, ...others] = table.primaryKey ?? [];
  if (column === undefined)
    throw new SwitchbackError(
      'not-found',
      t('{0} has no primary key. Plan add-primary-key first.', relation),
    );
  if (others.length > 0)
    throw new SwitchbackError(
      'invalid-input',
      t(
        'The primary key of {0} has several columns: {1}. Plan this on the table whose key one of them refers to, or change-column-type where none does.',
        relation,
        [column, ...others].map(formatIdentifier).join(', '),
      ),
    );
  return column;
}

const otherSpellings = new Map([
  ['int8', 'bigint'],
  ['int', 'integer'],
  ['int4', 'integer'],
]);

function read(answers: Answers): WidenKey {
  const text = (answers.optionalText('type') ?? 'bigint').trim().toLowerCase();
  const wanted = wideTypes.find((each) => each === (otherSpellings.get(text) ?? text));
  if (wanted !== undefined) return { kind: 'widen-key', table: answers.table(), type: wanted };
  throw new SwitchbackError(
    'usage',
    t('{0} is no type that a key can be made wider to. Choose one of {1}.', text, wideTypes.join(', ')),
  );
}

function check({ type }: WidenKey, table: TableFacts): void {
  const column = keyColumnOf(table);
  const present = columnOf(table, column).type;
  const name = `${formatQualifiedName(table.name)}.${formatIdentifier(column)}`;
  if (isNarrower(present, type)) return;
  if (present === type || present === 'bigint')
    throw new SwitchbackError(
      'already-done',
      t('{0} is {1} already. There is nothing to do.', name, present),
    );
  throw new SwitchbackError(
    'invalid-input',
    t('{0} is {1}, and only an integer or smallint key can be made wider this way.', name, present),
  );
}

function states({ type }: WidenKey, table: TableFacts): { before: string[]; after: string[] } {
  const column = keyColumnOf(table);
  const relation = formatQualifiedName(table.name);
  const present = columnOf(table, column).type;
  const referring = new Set(table.foreignKeysIn.map(({ from }) => formatQualifiedName(from)));
  return {
    before: [
      t('The primary key of {0}, {1}, is {2}.', relation, formatIdentifier(column), present),
      referring.size === 0
        ? t('No foreign key refers to it.')
        : t('These tables refer to it: {0}.', [...referring].join(', ')),
    ],
    after: [
      t('It is {0}, and so is every column that refers to it, and its sequence.', type),
      t('Names, indexes, constraints, defaults and privileges are as before.'),
    ],
  };
}
