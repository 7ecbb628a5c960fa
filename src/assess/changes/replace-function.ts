import * as v from 'valibot';
import { t } from '../../messages/translate';
import { formatQualifiedName } from '../../sql/identifier';
import { lookAtReplacedRoutine } from '../replaced-routine';
import type { ChangeType } from './change-type';
import { storedName } from './stored-name';

const stored = v.object({
  kind: v.literal('replace-function'),
  /** The function that is there. */
  table: storedName,
  /** CREATE OR REPLACE FUNCTION ... of the new one. */
  definition: v.string(),
  /** Argument types of the one that is there; null where the definition or the name alone tells. */
  arguments: v.nullable(v.string()),
});

/** A function or procedure that gets another definition, or another one in its place. */
export type ReplaceFunction = v.InferOutput<typeof stored>;

export const replaceFunction = {
  kind: 'replace-function',
  group: 'routines',
  title: () => t('Replace a function'),
  description: () =>
    t(
      'In place where its arguments and its result stay; else the new one stands beside the old one until no code uses that.',
    ),
  stored,
  subject: 'routine',
  fields: () => [
    {
      id: 'definition',
      asks: 'text',
      label: t('Definition'),
      lines: 8,
      question: () => t('Its new definition'),
      placeholder:
        "CREATE OR REPLACE FUNCTION app.total(id integer) RETURNS numeric LANGUAGE sql AS 'SELECT ...'",
      hint: t('One statement. With another name or other arguments it makes a function of its own.'),
    },
    {
      id: 'arguments',
      asks: 'text',
      label: t('Argument types of the old one'),
      question: () => t('Which one goes, by its argument types?'),
      placeholder: 'integer, text',
      hint: t('Leave it empty where there is only one of that name, or where the arguments stay.'),
      optional: true,
    },
  ],
  usage: '--definition SQL [--arguments TYPES]',
  read: (answers): ReplaceFunction => ({
    kind: 'replace-function',
    table: answers.table(),
    definition: answers.text('definition'),
    arguments: answers.optionalText('arguments'),
  }),
  answers: ({ definition, arguments: types }): Record<string, string> => ({
    definition,
    ...(types === null ? {} : { arguments: types }),
  }),
  planChoices: [],
  describe: ({ table }) => t('Replace the function {0}', formatQualifiedName(table)),
  words: ({ table }) => `replace function ${table.name}`,
  columns: () => [],
  law: () => null,
  look: lookAtReplacedRoutine,
  check: () => undefined,
  migrationType: () => ({
    id: 'api-breaking-change',
    why: t('No table changes; what calls the function gets what the new definition gives.'),
  }),
  rewritesRows: () => false,
  states: ({ table, definition }) => ({
    before: [t('The function {0} has another definition.', formatQualifiedName(table))],
    after: [t('There is this function: {0}', definition), t('Rows of tables keep their values.')],
  }),
} satisfies ChangeType<ReplaceFunction>;
