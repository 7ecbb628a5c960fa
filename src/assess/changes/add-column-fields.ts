import { t } from '../../messages/translate';
import type { ChangeField } from './change-type';

/** What is asked for a new column that may be empty. */
export function addColumnFields(): ChangeField[] {
  return [
    { id: 'column', asks: 'new-name', label: t('Column'), question: () => t('Name of the new column') },
    {
      id: 'type',
      asks: 'text',
      label: t('Type'),
      question: () => t('Type, as SQL spells it'),
      placeholder: 'text',
      hint: t('For example {0}.', 'text, bigint, timestamptz, numeric(12,2)'),
    },
    sourceField(),
    {
      id: 'default',
      asks: 'text',
      label: t('Default'),
      question: () => t('The default, as SQL'),
      placeholder: "'new'",
      hint: t('SQL, without a semicolon.'),
      optional: true,
      when: ({ source }) => source === 'default',
    },
    {
      id: 'generated',
      asks: 'text',
      label: t('Generated as'),
      question: () => t('The expression, over the columns of the row'),
      placeholder: 'lower(email)',
      hint: t('SQL, without a semicolon.'),
      optional: true,
      when: ({ source }) => source === 'generated',
    },
    {
      id: 'virtual',
      asks: 'flag',
      label: t('Compute it when it is read'),
      question: () => t('Is it computed when a row is read?'),
      yes: t('Yes, when a row is read (from PostgreSQL 18)'),
      no: t('No, when a row is written'),
      when: ({ source }) => source === 'generated',
    },
    {
      id: 'identity',
      asks: 'flag',
      label: t('Numbered by the server'),
      question: () => t('Does the server number the rows?'),
      yes: t('Yes, with a sequence of its own'),
      no: t('No'),
      // The choice of the source has said it already; the command line has no choice.
      when: () => false,
    },
  ];
}

function sourceField(): ChangeField {
  return {
    id: 'source',
    asks: 'choice',
    label: t('Its values come from'),
    question: () => t('Where do its values come from?'),
    choices: [
      { value: 'writer', label: t('Writers'), detail: t('Rows have none until somebody writes one.') },
      {
        value: 'default',
        label: t('A default'),
        detail: t('One value or function for every new row, for example {0}.', "'new'"),
      },
      {
        value: 'generated',
        label: t('The other columns'),
        detail: t('The server computes it from the row, for example {0}.', 'lower(email)'),
      },
      { value: 'identity', label: t('A sequence'), detail: t('The server numbers the rows.') },
    ],
  };
}
