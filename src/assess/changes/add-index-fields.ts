import { t } from '../../messages/translate';
import type { ChangeField } from './change-type';

/** What is asked for a new index. */
export function addIndexFields(): ChangeField[] {
  return [
    {
      id: 'over',
      asks: 'choice',
      label: t('The index is over'),
      question: () => t('What is the index over?'),
      choices: [
        {
          value: 'columns',
          label: t('Columns'),
          detail: t('One or several, in the order in which queries narrow them down.'),
        },
        {
          value: 'expression',
          label: t('An expression'),
          detail: t('Computed from the row, for example {0}.', 'lower(email)'),
        },
      ],
    },
    {
      id: 'columns',
      asks: 'columns',
      label: t('Columns'),
      question: () => t('Which columns?'),
      when: ({ over }) => over === 'columns',
    },
    {
      id: 'expression',
      asks: 'text',
      label: t('Expression'),
      question: () => t('The expression, over the columns of the row'),
      placeholder: 'lower(email)',
      hint: t('SQL, without a semicolon.'),
      when: ({ over }) => over === 'expression',
    },
    {
      id: 'unique',
      asks: 'flag',
      label: t('Unique'),
      question: () => t('May two rows have the same key?'),
      yes: t('No, the index is unique'),
      no: t('Yes, the index only finds rows'),
      hint: t('Two rows with the same key are refused then.'),
    },
    ...smallPrint(),
  ];
}

function smallPrint(): ChangeField[] {
  return [
    {
      id: 'name',
      asks: 'name',
      label: t('Name'),
      question: () => t('Name of the index'),
      hint: t('Left empty, it is called as PostgreSQL would call it.'),
      optional: true,
    },
    {
      id: 'method',
      asks: 'text',
      label: t('Method'),
      question: () => t('Which index method?'),
      placeholder: 'btree',
      hint: t('For example {0}.', 'btree, hash, gin, gist, brin'),
      optional: true,
    },
    {
      id: 'where',
      asks: 'text',
      label: t('Only rows where'),
      question: () => t('Which rows does it hold, as a condition?'),
      placeholder: 'deleted_at IS NULL',
      hint: t('Left empty, it holds every row.'),
      optional: true,
    },
    {
      id: 'include',
      asks: 'columns',
      label: t('Also holds'),
      question: () => t('Which columns does it hold beside its key?'),
      hint: t('Queries that read only these need not visit the table.'),
      optional: true,
    },
  ];
}
