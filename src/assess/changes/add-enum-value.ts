import * as v from 'valibot';
import { columnOf } from '../../catalog/read-table-facts';
import type { TableFacts } from '../../catalog/table-facts';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import {
  formatIdentifier,
  formatQualifiedName,
  maximumIdentifierBytes,
  quoteLiteral,
} from '../../sql/identifier';
import type { ChangeFindings } from '../change-facts';
import { readOwnType, typeBlockers } from '../own-type';
import type { ChangeType, Look } from './change-type';
import { storedName } from './stored-name';

const stored = v.object({
  kind: v.literal('add-enum-value'),
  table: storedName,
  /** A column of the enum. */
  column: v.string(),
  value: v.string(),
  /** The value that it stands before; null: see `after`. */
  before: v.nullable(v.string()),
  /** The value that it stands behind; null too: behind all. */
  after: v.nullable(v.string()),
});

/** An enum that gets one more value. */
export type AddEnumValue = v.InferOutput<typeof stored>;

export const addEnumValue = {
  kind: 'add-enum-value',
  group: 'types',
  title: () => t('Add a value to an enum'),
  description: () =>
    t('Code that reads learns the value before code that writes it; the server does not take it away again.'),
  stored,
  fields: () => [
    { id: 'column', asks: 'column', label: t('Column'), question: () => t('Which column has the enum?') },
    {
      id: 'value',
      asks: 'text',
      label: t('New value'),
      question: () => t('Which value is new?'),
      placeholder: 'refunded',
      hint: t('As it is, without quotes.'),
    },
    {
      id: 'before',
      asks: 'text',
      label: t('Before'),
      question: () => t('Before which value does it stand in the order?'),
      hint: t('Left empty, it stands behind all others, or behind the one that is named next.'),
      optional: true,
    },
    {
      id: 'after',
      asks: 'text',
      label: t('After'),
      question: () => t('Behind which value does it stand in the order?'),
      optional: true,
      when: ({ before = '' }) => before === '',
    },
  ],
  usage: '--column C --value V [--before V2 | --after V2]',
  read: (answers): AddEnumValue => ({
    kind: 'add-enum-value',
    table: answers.table(),
    column: answers.name('column'),
    value: answers.text('value'),
    before: answers.optionalText('before'),
    after: answers.optionalText('after'),
  }),
  answers: ({ column, value, before, after }) => ({
    column,
    value,
    before: before ?? '',
    after: after ?? '',
  }),
  planChoices: [],
  describe: ({ table, column, value }) =>
    t(
      'Add the value {0} to the enum of {1}.{2}',
      quoteLiteral(value),
      formatQualifiedName(table),
      formatIdentifier(column),
    ),
  words: ({ table, column, value }) => `value ${value} of ${table.name} ${column}`,
  columns: ({ column }) => [{ column, fate: 'used' }],
  law: () => null,
  look,
  check,
  migrationType: () => ({
    id: 'schema-additive',
    why: t('A value is added; code that reads has to know it before it is written.'),
  }),
  rewritesRows: () => false,
  states: ({ table, column, value }) => ({
    before: [
      t(
        '{0}.{1} does not take {2}.',
        formatQualifiedName(table),
        formatIdentifier(column),
        quoteLiteral(value),
      ),
    ],
    after: [
      t(
        '{0}.{1} takes {2}, and so does every column of the enum.',
        formatQualifiedName(table),
        formatIdentifier(column),
        quoteLiteral(value),
      ),
      t('Rows that are there keep their values.'),
    ],
  }),
} satisfies ChangeType<AddEnumValue>;

function check({ column, value, before, after }: AddEnumValue, table: TableFacts): void {
  const { type, typeKind } = columnOf(table, column);
  if (typeKind !== 'enum') {
    throw new SwitchbackError(
      'invalid-input',
      t(
        'The type of {0} is {1}, which is no enum. Choose a column of the enum itself.',
        formatIdentifier(column),
        type,
      ),
    );
  }
  if (Buffer.byteLength(value) > maximumIdentifierBytes) {
    throw new SwitchbackError(
      'invalid-input',
      t(
        'The value {0} is longer than the {1} bytes that an enum takes. Shorten it.',
        quoteLiteral(value),
        maximumIdentifierBytes,
      ),
    );
  }
  if (before === null || after === null) return;
  throw new SwitchbackError(
    'invalid-input',
    t('A value stands before one other or behind one. Name one of the two.'),
  );
}

async function look({ column, value, before, after }: AddEnumValue, at: Look): Promise<ChangeFindings> {
  const ownType = await readOwnType(at, columnOf(at.table, column));
  if (ownType.values.includes(value)) {
    throw new SwitchbackError(
      'already-done',
      t(
        'The enum {0} has the value {1} already. Nothing has to be done.',
        formatQualifiedName(ownType.name),
        quoteLiteral(value),
      ),
    );
  }
  const neighbour = before ?? after;
  if (neighbour !== null && !ownType.values.includes(neighbour)) {
    throw new SwitchbackError(
      'not-found',
      t(
        'The enum {0} has no value {1}. Name one of these: {2}.',
        formatQualifiedName(ownType.name),
        quoteLiteral(neighbour),
        ownType.values.map(quoteLiteral).join(', ') || t('it has none'),
      ),
    );
  }
  return { ownType, blockers: typeBlockers(ownType) };
}
