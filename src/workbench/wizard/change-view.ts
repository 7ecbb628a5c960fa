import { changeTypeOf, changeTypes, describeChange, type Change } from '../../assess/change';
import type { Answers, ChangeField, ChangeType } from '../../assess/changes/change-type';
import type { ColumnSummary, TableSummary } from '../../journey/tables';
import { isSwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import type { ChangeDraft, ChangeView } from '../../protocol/wizard-state';
import { assertIdentifier, parseQualifiedName } from '../../sql/identifier';
import { bytes, count, tableName } from '../format';

/** An empty form. */
export function emptyDraft(kind: Change['kind'] = 'rename-column'): ChangeDraft {
  return { kind, table: '', values: {}, dualWrite: 'trigger' };
}

/** The form that would give this change. */
export function draftOf(change: Change): ChangeDraft {
  return {
    ...emptyDraft(change.kind),
    table: tableName(change.table),
    values: { ...changeTypeOf(change).answers(change) },
  };
}

/** What a form asks for, given what was answered: a choice that was not made is the first. Empty for a kind that is unknown. */
export function fieldsOf(draft: ChangeDraft): { field: ChangeField; value: string }[] {
  const asked: { field: ChangeField; value: string }[] = [];
  const before: Record<string, string> = {};
  for (const field of typeOf(draft)?.fields() ?? []) {
    if (field.when?.(before) === false) continue;
    const value = draft.values[field.id] ?? (field.asks === 'choice' ? field.choices[0]!.value : '');
    before[field.id] = value;
    asked.push({ field, value });
  }
  return asked;
}

function typeOf({ kind }: ChangeDraft): ChangeType<Change> | undefined {
  return changeTypes.find((type) => type.kind === kind);
}

/** What is wrong with a form, by field, as far as names and the table's columns tell. Empty fields are not wrong yet. */
export function draftProblems(draft: ChangeDraft, columns: readonly ColumnSummary[]): Record<string, string> {
  const problems: Record<string, string> = {};
  const fields = fieldsOf(draft).filter(({ value }) => value !== '');
  const old = fields.find(({ field }) => field.asks === 'column')?.value;
  const isThere = (name: string): boolean => columns.some((column) => column.name === name);
  for (const { field, value } of fields) {
    if (field.asks === 'new-name') {
      const problem = nameProblem(value);
      if (problem) problems[field.id] = problem;
      else if (isThere(value))
        problems[field.id] =
          value === old
            ? t('That is the old name. Type another one.')
            : t('{0} already has a column {1}. Type another name.', draft.table, value);
    }
    if (field.asks === 'column' && columns.length > 0 && !isThere(value))
      problems[field.id] = t(
        '{0} has no column {1}. It may have been renamed already; choose another.',
        draft.table,
        value,
      );
  }
  return problems;
}

function nameProblem(name: string): string | null {
  try {
    assertIdentifier(name);
    return null;
  } catch (error) {
    if (isSwitchbackError(error)) return error.sentence;
    throw error;
  }
}

/** The change a complete and correct form describes; null otherwise. */
export function changeOf(draft: ChangeDraft, columns: readonly ColumnSummary[]): Change | null {
  const type = typeOf(draft);
  if (!type || draft.table === '' || Object.keys(draftProblems(draft, columns)).length > 0) return null;
  const fields = fieldsOf(draft);
  const isComplete = fields.every(({ field, value }) => field.asks === 'flag' || value.trim() !== '');
  return isComplete ? type.read(answersOf(draft.table, fields)) : null;
}

/** Names are as they were typed, not as SQL spells them. */
function answersOf(table: string, fields: readonly { field: ChangeField; value: string }[]): Answers {
  const values = new Map(fields.map(({ field, value }) => [field.id, value]));
  return {
    table: () => parseQualifiedName(table),
    column: (id) => values.get(id) ?? '',
    text: (id) => (values.get(id) ?? '').trim(),
    optionalText: (id) => values.get(id)?.trim() ?? null,
    flag: (id) => values.get(id) === 'yes',
  };
}

export interface ChangeViewRequest {
  draft: ChangeDraft;
  revision: number;
  tables: readonly TableSummary[];
  columns: readonly ColumnSummary[];
  /** What the host found wrong beyond names. */
  problems: Record<string, string>;
  locked: boolean;
}

/** What the Change station shows. */
export function changeView(request: ChangeViewRequest): ChangeView {
  const { draft, columns } = request;
  const change = changeOf(draft, columns);
  return {
    draft,
    revision: request.revision,
    recipes: changeTypes.map((type) => ({
      id: type.kind,
      title: type.title(),
      description: type.description(),
    })),
    tables: request.tables.map((table) => ({
      value: tableName(table),
      detail: t('{0} rows, {1}', count(table.estimatedRows), bytes(table.bytes)),
    })),
    fields: fieldsOf(draft).map(({ field }) => fieldView(field, columns)),
    problems: { ...draftProblems(draft, columns), ...request.problems },
    sentence: change ? describeChange(change) : null,
    locked: request.locked,
  };
}

function fieldView(field: ChangeField, columns: readonly ColumnSummary[]): ChangeView['fields'][number] {
  const { id, label, hint = null, placeholder = null } = field;
  const shown = { id, label, hint, placeholder };
  switch (field.asks) {
    case 'column':
      return { ...shown, control: 'column', options: columns.map(columnOption) };
    case 'choice':
      return { ...shown, control: 'choice', options: field.choices };
    case 'flag':
      return { ...shown, control: 'flag', options: [] };
    case 'new-name':
    case 'text':
      return { ...shown, control: 'text', options: [] };
  }
}

function columnOption({
  name,
  type,
  notNull,
}: ColumnSummary): ChangeView['fields'][number]['options'][number] {
  return { value: name, label: name, detail: notNull ? t('{0}, required', type) : type };
}
