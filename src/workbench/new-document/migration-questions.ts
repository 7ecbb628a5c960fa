import type { MigrationChecks } from '../../journey/migration-checks';
import type { ColumnSummary } from '../../journey/tables';
import { t } from '../../messages/translate';
import type { NativeQuestion } from '../multi-step-input';
import { askColumns, askKey, askNewColumn, askOldColumn, askTable, askTableName } from './ask-columns';
import { askFolder, askKind, askLanguage, askName, type FolderChoice } from './ask-migration-file';
import { askExpression, askFill, askOptionalSql, askType } from './ask-values';
import { yesOrNo } from './fields';
import { changeOfDraft, type MigrationDraft, type MigrationKind } from './migration-draft';
import type { KnownTables } from './migration-tables';

/** What the questions are asked against. */
export interface MigrationSurroundings {
  checks: MigrationChecks;
  /** null: no database tells of tables. */
  known: KnownTables | null;
  /** The workspace's migrations folders. */
  folders: readonly FolderChoice[];
  /** The tool of a folder whose migrations are code; null where all are SQL. */
  codeTool: string | null;
}

type Asked = NativeQuestion<MigrationDraft>;

const is =
  (...kinds: MigrationKind[]) =>
  (draft: MigrationDraft): boolean =>
    kinds.includes(draft.kind);

/** The questions of New Migration, each kind of change with its own. */
export function migrationQuestions(around: MigrationSurroundings): Asked[] {
  const { checks, known } = around;
  const columns: { of: ColumnSummary[] } = { of: [] };
  return [
    { ask: askKind },
    ...(known ? [tableQuestion(known, columns)] : []),
    { when: (draft) => draft.kind !== 'empty' && draft.typedTable, ask: askTableName },
    {
      when: is('drop-column', 'rename-column', 'change-type', 'backfill'),
      ask: (...asked) => askOldColumn(checks, columns, ...asked),
    },
    {
      when: is('add-column'),
      ask: (...asked) => askNewColumn(checks, columns, 'column', t('Name of the new column'), ...asked),
    },
    {
      when: is('rename-column'),
      ask: async (input, draft) =>
        askNewColumn(checks, columns, 'newName', t('New name of {0}', draft.column), input, draft),
    },
    { when: is('create-index'), ask: (...asked) => askColumns(checks, columns, ...asked) },
    {
      when: is('create-index'),
      ...yesOrNo('unique', t('Is it a unique index?'), {
        yes: t('no two rows may hold the same'),
        no: t('it only makes searching faster'),
      }),
    },
    {
      when: (draft) => draft.typedTable && is('drop-column', 'change-type')(draft),
      ask: async (input, draft) => {
        draft.oldType = await askType(
          input,
          checks,
          t('Type that {0} has today, which the way back restores', draft.column),
          draft.oldType,
        );
      },
    },
    {
      when: is('add-column', 'change-type'),
      ask: async (input, draft) => {
        const prompt =
          draft.kind === 'change-type' ? t('New type of {0}', draft.column) : t('Type of {0}', draft.column);
        draft.type = await askType(input, checks, prompt, draft.type);
      },
    },
    {
      when: (draft) => is('add-column')(draft) || (draft.typedTable && is('drop-column')(draft)),
      ask: async (input, draft) => {
        await yesOrNo('required', t('Is {0} required (NOT NULL)?', draft.column), {
          yes: t('every row has a value'),
          no: t('rows may leave it empty'),
        }).ask(input, draft);
      },
    },
    {
      when: (draft) => is('add-column')(draft) || (draft.typedTable && is('drop-column')(draft)),
      ask: async (input, draft) => {
        draft.default = await askOptionalSql(
          input,
          t('Default of {0}, as SQL. Empty: it has none.', draft.column),
          "'new'",
          draft.default,
          checks.default,
        );
      },
    },
    {
      when: (draft) => is('add-column')(draft) && draft.required,
      ask: (...asked) => askFill(checks, ...asked),
    },
    {
      when: is('change-type'),
      ask: async (input, draft) => {
        draft.using = await askOptionalSql(
          input,
          t('How are values converted? Empty: PostgreSQL converts them by itself.'),
          `${draft.column}::${draft.type}`,
          draft.using,
          checks.value,
        );
      },
    },
    {
      when: is('change-type'),
      ask: async (input, draft) => {
        draft.usingBack = await askOptionalSql(
          input,
          t('And on the way back? Empty: PostgreSQL converts them by itself.'),
          `${draft.column}::${draft.oldType || 'text'}`,
          draft.usingBack,
          checks.value,
        );
      },
    },
    { when: is('backfill'), ask: (...asked) => askExpression(checks, ...asked) },
    {
      when: is('backfill'),
      ...yesOrNo('onlyEmpty', t('Only rows that have no value yet?'), {
        yes: t('rows with a value are left alone'),
        no: t('every row is computed anew'),
      }),
    },
    { ask: (...asked) => askLanguage(around.codeTool, ...asked) },
    { when: (draft) => asksForKey(checks, draft), ask: (...asked) => askKey(checks, ...asked) },
    { when: () => around.folders.length !== 1, ask: (...asked) => askFolder(around.folders, ...asked) },
    { ask: askName },
  ];
}

function tableQuestion(known: KnownTables, columns: { of: ColumnSummary[] }): Asked {
  return {
    when: (draft) => draft.kind !== 'empty',
    ask: (...asked) => askTable(known, columns, ...asked),
  };
}

/** A database says itself what the key of its table is. */
function asksForKey(checks: MigrationChecks, draft: MigrationDraft): boolean {
  if (!draft.typedTable) return false;
  // Questions are counted before the table is named, and its name does not matter here.
  const change = changeOfDraft({ ...draft, table: draft.table || 'orders' });
  return checks.needsKey(change, draft.language);
}
