import type { ColumnSummary, TableSummary } from '../journey/tables';
import { t } from '../messages/translate';
import type { ChangeDraft, ChangeField } from '../protocol/wizard-state';
import { parseQualifiedName } from '../sql/identifier';
import { rowsText } from '../templates/rows-text';
import { bytes, tableName } from './format';
import { askQuestions, type NativeQuestion } from './multi-step-input';
import type { Services } from './services';
import { dualWriterChoices } from './wizard/dual-write-choices';
import { draftProblems, emptyDraft } from './wizard/change-view';

/** The change as a series of native questions; the answers are what the wizard's form would hold. */
export async function askChange(services: Services, kind: ChangeDraft['kind']): Promise<ChangeDraft> {
  const { listColumns, listTables } = await import('../journey/tables');
  const tables = await services.database.exclusive(({ session }) => listTables(session));
  const columns = (table: string): Promise<ColumnSummary[]> =>
    services.database.exclusive(({ session }) => listColumns(session, parseQualifiedName(table)));
  const answers: Answers = { draft: emptyDraft(kind), columns: [] };
  const title = kind === 'rename-column' ? t('Rename a Column') : t('Add a Required Column');
  const questions = [
    tableQuestion(tables, columns),
    ...(kind === 'rename-column'
      ? [oldNameQuestion, newNameQuestion, dualWriteQuestion]
      : [columnQuestion, typeQuestion, fillQuestion, expressionQuestion, keepQuestion]),
  ];
  return (await askQuestions(title, questions, answers)).draft;
}

interface Answers {
  draft: ChangeDraft;
  columns: ColumnSummary[];
}

function tableQuestion(
  tables: TableSummary[],
  columns: (table: string) => Promise<ColumnSummary[]>,
): NativeQuestion<Answers> {
  return {
    ask: async (input, answers) => {
      const table = await input.pick({
        placeholder: t('Which table?'),
        active: answers.draft.table,
        choices: tables.map((item) => ({
          label: tableName(item),
          description: `${rowsText(item.estimatedRows)}, ${bytes(item.bytes)}`,
          value: tableName(item),
        })),
      });
      answers.draft = { ...answers.draft, table };
      answers.columns = await columns(table);
    },
  };
}

const oldNameQuestion: NativeQuestion<Answers> = {
  ask: async (input, answers) => {
    const from = await input.pick({
      placeholder: t('Which column?'),
      active: answers.draft.from,
      choices: answers.columns.map((column) => ({
        label: column.name,
        description: column.type,
        value: column.name,
      })),
    });
    answers.draft = { ...answers.draft, from };
  },
};

const newNameQuestion: NativeQuestion<Answers> = {
  ask: async (input, answers) => {
    const to = await input.text({
      prompt: t('New name of {0}', answers.draft.from),
      value: answers.draft.to,
      validate: (value) => problemOf(answers, 'to', value),
    });
    answers.draft = { ...answers.draft, to };
  },
};

const dualWriteQuestion: NativeQuestion<Answers> = {
  ask: async (input, answers) => {
    const dualWrite = await input.pick({
      placeholder: t('What writes both columns until the new name is everywhere?'),
      active: answers.draft.dualWrite,
      choices: dualWriterChoices().map(({ id, title, why }) => ({ label: title, detail: why, value: id })),
    });
    answers.draft = { ...answers.draft, dualWrite };
  },
};

const columnQuestion: NativeQuestion<Answers> = {
  ask: async (input, answers) => {
    const column = await input.text({
      prompt: t('Name of the new column'),
      value: answers.draft.column,
      validate: (value) => problemOf(answers, 'column', value),
    });
    answers.draft = { ...answers.draft, column };
  },
};

const typeQuestion: NativeQuestion<Answers> = {
  ask: async (input, answers) => {
    const type = await input.text({
      prompt: t('Type, as SQL spells it'),
      placeholder: 'numeric(12,2)',
      value: answers.draft.type,
      validate: notEmpty,
    });
    answers.draft = { ...answers.draft, type };
  },
};

const fillQuestion: NativeQuestion<Answers> = {
  ask: async (input, answers) => {
    const fillBy = await input.pick({
      placeholder: t('What do existing rows get?'),
      active: answers.draft.fillBy,
      choices: [
        {
          label: t('A default'),
          detail: t('One value or function for every row'),
          value: 'default' as const,
        },
        { label: t('An expression'), detail: t('Computed from the row'), value: 'expression' as const },
      ],
    });
    answers.draft = { ...answers.draft, fillBy };
  },
};

const expressionQuestion: NativeQuestion<Answers> = {
  ask: async (input, answers) => {
    const byDefault = answers.draft.fillBy === 'default';
    const expression = await input.text({
      prompt: byDefault ? t('The default, as SQL') : t('The expression, over the columns of the row'),
      placeholder: byDefault ? "'new'" : 'lower(email)',
      value: answers.draft.expression,
      validate: notEmpty,
    });
    answers.draft = { ...answers.draft, expression };
  },
};

const keepQuestion: NativeQuestion<Answers> = {
  when: (answers) => answers.draft.fillBy === 'default',
  ask: async (input, answers) => {
    const keepDefault = await input.pick({
      placeholder: t('May writers go on leaving the column out?'),
      active: answers.draft.keepDefault,
      choices: [
        { label: t('No, drop the default in the end'), value: false },
        { label: t('Yes, keep the default'), value: true },
      ],
    });
    answers.draft = { ...answers.draft, keepDefault };
  },
};

function notEmpty(value: string): string | undefined {
  return value.trim() === '' ? t('This must not be empty.') : undefined;
}

function problemOf(answers: Answers, field: ChangeField, value: string): string | undefined {
  return notEmpty(value) ?? draftProblems({ ...answers.draft, [field]: value }, answers.columns)[field];
}
