import { changeTypes, type SingleChange } from '../assess/change';
import type { ChangeField } from '../assess/changes/change-type';
import {
  emptyOutline,
  type ColumnSummary,
  type PartSummary,
  type TableOutline,
  type TableSummary,
} from '../journey/tables';
import { t } from '../messages/translate';
import type { ChangeDraft } from '../protocol/wizard-state';
import { formatIdentifier, parseIdentifierList, parseQualifiedName } from '../sql/identifier';
import { rowsText } from '../templates/rows-text';
import { bytes, tableName } from './format';
import { askQuestions, type Choice, type MultiStepInput, type NativeQuestion } from './multi-step-input';
import type { Services } from './services';
import { dualWriterChoices } from './wizard/dual-write-choices';
import { draftProblems, fieldsOf } from './wizard/change-view';
import { emptyDraft } from './wizard/empty-draft';

/** The change as a series of native questions; the answers are what the wizard's form would hold. */
export async function askChange(services: Services, kind: SingleChange['kind']): Promise<ChangeDraft> {
  const { listTables, readOutline } = await import('../journey/tables');
  const tables = await services.database.exclusive(({ session }) => listTables(session));
  const outline = (table: string): Promise<TableOutline> =>
    services.database.exclusive(({ session }) => readOutline(session, parseQualifiedName(table)));
  const answers: Answers = { draft: emptyDraft(kind), tables, outline: emptyOutline };
  const type = changeTypes.find((each) => each.kind === kind)!;
  const questions = [
    tableQuestion(tables, outline),
    ...type.fields().map(fieldQuestion),
    ...(type.planChoices.includes('dualWrite') ? [dualWriteQuestion] : []),
  ];
  return (await askQuestions(type.title(), questions, answers)).draft;
}

interface Answers {
  draft: ChangeDraft;
  tables: TableSummary[];
  /** Of the chosen table. */
  outline: TableOutline;
}

function tableQuestion(
  tables: TableSummary[],
  outline: (table: string) => Promise<TableOutline>,
): NativeQuestion<Answers> {
  return {
    ask: async (input, answers) => {
      const table = await input.pick({
        placeholder: t('Which table?'),
        active: answers.draft.table,
        choices: tables.map(tableChoice),
      });
      answers.draft = { ...answers.draft, table };
      answers.outline = await outline(table);
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
        choices: answers.outline.columns.map(columnChoice),
      });
    case 'columns':
      return pickColumns(input, answers, field);
    case 'constraint':
      return pickPart(input, question, value, answers.outline.constraints);
    case 'index':
      return pickPart(input, question, value, answers.outline.indexes);
    case 'relation':
      return input.pick({ placeholder: question, active: value, choices: answers.tables.map(tableChoice) });
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
    case 'name':
    case 'text':
      return input.text({
        prompt: question,
        placeholder: field.placeholder,
        value,
        validate: (text) => problemOf(answers, field, text),
      });
  }
}

/** The chosen columns as SQL lists them, in the order they were chosen before, then in table order. */
async function pickColumns(input: MultiStepInput, answers: Answers, field: ChangeField): Promise<string> {
  const text = answers.draft.values[field.id] ?? '';
  const before = text === '' ? [] : parseIdentifierList(text);
  const chosen = await input.pickMany({
    placeholder: field.question(answers.draft.values),
    selected: before,
    choices: answers.outline.columns.map(columnChoice),
    ...(field.optional === true ? {} : { atLeastOne: t('Choose at least one column.') }),
  });
  const kept = before.filter((name) => chosen.includes(name));
  const added = chosen.filter((name) => !kept.includes(name));
  return [...kept, ...added].map(formatIdentifier).join(', ');
}

async function pickPart(
  input: MultiStepInput,
  placeholder: string,
  active: string,
  parts: readonly PartSummary[],
): Promise<string> {
  const choices = parts.map(({ name, definition }) => ({ label: name, detail: definition, value: name }));
  return input.pick({ placeholder, active, choices });
}

function columnChoice({ name, type }: ColumnSummary): Choice<string> {
  return { label: name, description: type, value: name };
}

function tableChoice(table: TableSummary): Choice<string> {
  const description = `${rowsText(table.estimatedRows)}, ${bytes(table.bytes)}`;
  return { label: tableName(table), description, value: tableName(table) };
}

const dualWriteQuestion: NativeQuestion<Answers> = {
  // Of a view both names are one column, which nothing has to write twice.
  when: ({ draft }) => draft.values['by-view'] !== 'yes',
  ask: async (input, answers) => {
    const dualWrite = await input.pick({
      placeholder: t('What writes both columns until the new name is everywhere?'),
      active: answers.draft.dualWrite,
      choices: dualWriterChoices().map(({ id, title, why }) => ({ label: title, detail: why, value: id })),
    });
    answers.draft = { ...answers.draft, dualWrite };
  },
};

function problemOf(answers: Answers, field: ChangeField, value: string): string | undefined {
  if (value.trim() === '') return field.optional === true ? undefined : t('This must not be empty.');
  const draft = { ...answers.draft, values: { ...answers.draft.values, [field.id]: value } };
  return draftProblems(draft, answers.outline)[field.id];
}
