import * as v from 'valibot';
import type { TableFacts } from '../../catalog/table-facts';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { assertIdentifier, formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import type { ChangeFindings } from '../change-facts';
import { moveBlockers } from '../new-schema';
import { lookAtPlace } from '../stand-in-view';
import type { ChangeType, Look } from './change-type';
import { storedName } from './stored-name';

const stored = v.object({
  kind: v.literal('move-table'),
  table: storedName,
  /** The schema where it goes. */
  schema: v.string(),
});

/** A table that goes to another schema while old and new application code run. */
export type MoveTable = v.InferOutput<typeof stored>;

export const moveTable = {
  kind: 'move-table',
  group: 'tables',
  title: () => t('Move a table to another schema'),
  description: () => t('A view stays in the old schema until no code looks for the table there any more.'),
  stored,
  fields: () => [
    {
      id: 'to-schema',
      asks: 'name',
      label: t('New schema'),
      question: () => t('To which schema?'),
    },
  ],
  usage: '--to-schema SCHEMA',
  read: (answers): MoveTable => ({
    kind: 'move-table',
    table: answers.table(),
    schema: answers.name('to-schema'),
  }),
  answers: ({ schema }) => ({ 'to-schema': schema }),
  planChoices: [],
  describe: ({ table, schema }) =>
    t('Move {0} to the schema {1}', formatQualifiedName(table), formatIdentifier(schema)),
  words: ({ table, schema }) => `move ${table.name} to ${schema}`,
  columns: () => [],
  concernsTable: true,
  law: () => null,
  look,
  check,
  migrationType: () => ({
    id: 'schema-destructive',
    why: t('In the end a name that application code knows is gone; no row changes.'),
  }),
  rewritesRows: () => false,
  states,
} satisfies ChangeType<MoveTable>;

async function look({ schema }: MoveTable, at: Look): Promise<ChangeFindings> {
  const moved = await moveBlockers(at, schema);
  const place = await lookAtPlace(at, { schema, name: at.table.name.name });
  return { ...place, blockers: [...moved, ...place.blockers] };
}

function check({ schema }: MoveTable, table: TableFacts): void {
  assertIdentifier(schema);
  const relation = formatQualifiedName(table.name);
  if (schema === table.name.schema)
    throw new SwitchbackError('already-done', t('{0} is in that schema. There is nothing to do.', relation));
  if (schema === 'information_schema' || schema === 'switchback' || schema.startsWith('pg_'))
    throw new SwitchbackError(
      'invalid-input',
      t('The schema {0} is not for tables of yours. Choose another one.', formatIdentifier(schema)),
    );
}

function states({ schema }: MoveTable, table: TableFacts): { before: string[]; after: string[] } {
  return {
    before: [t('The table is {0}.', formatQualifiedName(table.name))],
    after: [
      t(
        'The table is {0}. Rows, constraints, privileges and everything that reads it are as before.',
        formatQualifiedName({ schema, name: table.name.name }),
      ),
      t('Its indexes and the sequences of its columns are in that schema too.'),
      t('Nothing is called {0}.', formatQualifiedName(table.name)),
    ],
  };
}
