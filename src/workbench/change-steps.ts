import { changeTypes, type Change } from '../assess/change';
import type { ChangeField } from '../assess/changes/change-type';
import type { ColumnSummary, TableSummary } from '../journey/tables';
import { t } from '../messages/translate';
import type { ChangeDraft } from '../protocol/wizard-state';
import { parseQualifiedName } from '../sql/identifier';
import { rowsText } from '../templates/rows-text';
import { bytes, tableName } from './format';
import { askQuestions, type MultiStepInput, type NativeQuestion } from './multi-step-input';
import type { Services } from './services';
import { dualWriterChoices } from './wizard/dual-write-choices';
import { draftProblems, emptyDraft, fieldsOf } from './wizard/change-view';

/** The change as a series of native questions; the answers are what the wizard's form would hold. */
export async function askChange(services: Services, kind: Change['kind']): Promise<ChangeDraft> {
  const { listColumns, listTables } = await import('../journey/tables');
  const tables = await services.database.exclusive(({ session }) => listTables(session));
  const columns = (table: string): Promise<ColumnSummary[]> =>
    services.database.exclusive(({ session }) => listColumns(session, parseQualifiedName(table)));
  const answers: Answers = { draft: emptyDraft(kind), columns: [] };
  const type = changeTypes.find((each) => each.kind === kind)!;
  const questions = [
    tableQuestion(tables, columns),
    ...type.fields().map(fieldQuestion),
    ...(type.planChoices.includes('dualWrite') ? [dualWriteQuestion] : []),
  ];
  return (await askQuestions(type.title(), questions, answers)).draft;
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

function fieldQuestion(field: ChangeField): NativeQuestion<Answers> {
  return {
    when: ({ draft }) => fieldsOf(draft).some((asked) => asked.field.id === field.id),
    ask: async (input, answers) => {
      const value = await askField(input, answers, field);
      answers.draft = { ...answers.draft, values: { ...answers.draft.values, [field.id]: value } };
    },
  };
}

async function askField(input: MultiStepInput, answers: Answers, field: ChangeField): Promise<string> {
  const value = answers.draft.values[field.id] ?? '';
  const question = field.question(answers.draft.values);
  switch (field.asks) {
    case 'column':
      return input.pick({
        placeholder: question,
        active: value,
        choices: answers.columns.map(({ name, type }) => ({ label: name, description: type, value: name })),
      });
    case 'choice':
      return input.pick({ placeholder: question, active: value, choices: field.choices });
    case 'flag':
      return input.pick({
        placeholder: question,
        active: value,
        choices: [
          { label: field.no, value: '' },
          { label: field.yes, value: 'yes' },
        ],
      });
    case 'new-name':
    case 'text':
      return input.text({
        prompt: question,
        placeholder: field.placeholder,
        value,
        validate: (text) => problemOf(answers, field.id, text),
      });
  }
}

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

function problemOf(answers: Answers, field: string, value: string): string | undefined {
  if (value.trim() === '') return t('This must not be empty.');
  const draft = { ...answers.draft, values: { ...answers.draft.values, [field]: value } };
  return draftProblems(draft, answers.columns)[field];
}
