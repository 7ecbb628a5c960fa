import {
  changeTypeOf,
  changeTypes,
  describeChange,
  type Change,
  type SingleChange,
} from '../../assess/change';
import { changeGroupTitle } from '../../assess/change-group-title';
import { partsOf, together } from '../../assess/several-changes';
import type { Answers, ChangeField, ChangeSubject, ChangeType } from '../../assess/changes/change-type';
import {
  emptyOutline,
  type ColumnSummary,
  type PartSummary,
  type TableOutline,
  type TableSummary,
} from '../../journey/tables';
import { isSwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import type { ChangeDraft, ChangeView } from '../../protocol/wizard-state';
import { assertIdentifier, parseIdentifierList, parseQualifiedName } from '../../sql/identifier';
import { bytes, tableName } from '../format';
import { rowsText } from '../../templates/rows-text';
import { emptyDraft } from './empty-draft';
import { sketchView } from './sketch-view';
import type { WizardModel } from './wizard-model';

/** The form that would give this change. */
export function draftOf(change: Change): ChangeDraft {
  const forms = partsOf(change).map((part) => ({
    kind: part.kind,
    table: tableName(part.table),
    values: { ...changeTypeOf(part).answers(part) },
  }));
  return { ...emptyDraft(), ...forms.at(-1), others: forms.slice(0, -1) };
}

/** A change as a list shows it. */
export function changeItem(change: Change): { label: string; description: string } {
  const [first] = partsOf(change);
  return { label: describeChange(change), description: changeTypeOf(first!).title() };
}

function subjectOf(draft: ChangeDraft): ChangeSubject {
  return typeOf(draft)?.subject ?? 'table';
}

/** How the form asks what the change is about. */
function subjectView(draft: ChangeDraft): ChangeView['subject'] {
  switch (subjectOf(draft)) {
    case 'table':
    case 'any':
      return { label: t('Table'), empty: t('Choose a table'), control: 'pick' };
    case 'view':
      return { label: t('View'), empty: t('Choose a view'), control: 'pick' };
    case 'routine':
      return { label: t('Function'), empty: 'app.total', control: 'text' };
    case 'type':
      return { label: t('Type'), empty: 'app.address', control: 'text' };
    case 'new-table':
      return { label: t('New table'), empty: 'app.refunds', control: 'text' };
  }
}

/** One change as it was filled in. */
type Form = Pick<ChangeDraft, 'kind' | 'table' | 'values'>;

function sentenceOf(form: Form): string {
  const change = formChange(form, emptyOutline);
  return change ? describeChange(change) : t('A change of {0} that is not complete', form.table);
}

/** What a form asks for, given what was answered: a choice that was not made is the first. Empty for a kind that is unknown. */
export function fieldsOf(draft: Form): { field: ChangeField; value: string }[] {
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

function typeOf({ kind }: Form): ChangeType<SingleChange> | undefined {
  return changeTypes.find((type) => type.kind === kind);
}

/** What is wrong with a form, by field, as far as names and the table's parts tell. Empty fields are not wrong yet. */
export function draftProblems(draft: Form, outline: TableOutline): Record<string, string> {
  const problems: Record<string, string> = {};
  const unreadable = draft.table === '' ? null : problemOrValue(() => parseQualifiedName(draft.table));
  if (typeof unreadable === 'string') problems['table'] = unreadable;
  const fields = fieldsOf(draft).filter(({ value }) => value !== '');
  const old = fields.find(({ field }) => field.asks === 'column')?.value ?? null;
  for (const { field, value } of fields) {
    const problem = fieldProblem(field, value, { table: draft.table, old, outline });
    if (problem !== null) problems[field.id] = problem;
  }
  return problems;
}

interface Surroundings {
  table: string;
  /** The column that was chosen before. */
  old: string | null;
  outline: TableOutline;
}

function fieldProblem(
  field: ChangeField,
  value: string,
  { table, old, outline }: Surroundings,
): string | null {
  const isThere = (name: string): boolean => outline.columns.some((column) => column.name === name);
  const isKnown = outline.columns.length > 0;
  switch (field.asks) {
    case 'new-name':
      if (isThere(value) && nameProblem(value) === null)
        return value === old
          ? t('That is the old name. Type another one.')
          : t('{0} already has a column {1}. Type another name.', table, value);
      return nameProblem(value);
    case 'name':
      return nameProblem(value);
    case 'column':
      return isKnown && !isThere(value) ? missingColumn(table, value) : null;
    case 'columns': {
      const names = problemOrValue(() => parseIdentifierList(value));
      if (typeof names === 'string') return names;
      const missing = names.find((name) => !isThere(name));
      return isKnown && missing !== undefined ? missingColumn(table, missing) : null;
    }
    case 'constraint':
    case 'index':
    case 'relation':
    case 'text':
    case 'choice':
    case 'flag':
      return null;
  }
}

function missingColumn(table: string, column: string): string {
  return t('{0} has no column {1}. It may have been renamed already; choose another.', table, column);
}

function nameProblem(name: string): string | null {
  const problem = problemOrValue(() => assertIdentifier(name));
  return typeof problem === 'string' ? problem : null;
}

/** What `read` gives, or the sentence it threw. */
function problemOrValue<T>(read: () => T): T | string {
  try {
    return read();
  } catch (error) {
    if (isSwitchbackError(error)) return error.sentence;
    throw error;
  }
}

/** What a complete and correct form describes, with the changes before it; null otherwise. */
export function changeOf(draft: ChangeDraft, outline: TableOutline): Change | null {
  const others = draft.others.map((form) => formChange(form, emptyOutline));
  const own = formChange(draft, outline);
  const all = own === null && draft.table === '' ? others : [...others, own];
  const known = all.filter((change) => change !== null);
  return known.length === 0 || known.length < all.length ? null : together(known);
}

function formChange(draft: Form, outline: TableOutline): SingleChange | null {
  const type = typeOf(draft);
  if (!type || draft.table === '' || Object.keys(draftProblems(draft, outline)).length > 0) return null;
  const fields = fieldsOf(draft);
  const isComplete = fields.every(
    ({ field, value }) =>
      field.asks === 'flag' ||
      field.optional === true ||
      // A name may be a blank.
      (field.asks === 'text' ? value.trim() : value) !== '',
  );
  return isComplete ? type.read(answersOf(draft.table, fields)) : null;
}

/** Names are as they were typed, not as SQL spells them. */
function answersOf(table: string, fields: readonly { field: ChangeField; value: string }[]): Answers {
  const values = new Map(fields.map(({ field, value }) => [field.id, value]));
  return {
    table: () => parseQualifiedName(table),
    relation: (id) => parseQualifiedName(values.get(id) ?? ''),
    name: (id) => values.get(id) ?? '',
    optionalName: (id) => values.get(id) || null,
    columns: (id) => parseIdentifierList(values.get(id) ?? ''),
    text: (id) => (values.get(id) ?? '').trim(),
    optionalText: (id) => values.get(id)?.trim() || null,
    flag: (id) => values.get(id) === 'yes',
  };
}

export interface ChangeViewRequest {
  draft: ChangeDraft;
  revision: number;
  tables: readonly TableSummary[];
  /** Of the chosen table. */
  outline: TableOutline;
  /** What the host found wrong beyond names. */
  problems: Record<string, string>;
  /** What a plan of it would do; null until that is read. */
  sketch: WizardModel['sketch'];
  locked: boolean;
}

/** What the Change station shows. */
export function changeView(request: ChangeViewRequest): ChangeView {
  const { draft, outline } = request;
  const change = changeOf(draft, outline);
  return {
    others: draft.others.map((form) => sentenceOf(form)),
    complete: formChange(draft, outline) !== null,
    draft,
    revision: request.revision,
    recipes: changeTypes.map((type) => ({
      id: type.kind,
      group: changeGroupTitle(type.group),
      title: type.title(),
      description: type.description(),
    })),
    subject: subjectView(draft),
    tables: request.tables
      .filter(({ kind }) => kind === (subjectOf(draft) === 'view' ? 'view' : 'table'))
      .map((table) => ({
        value: tableName(table),
        detail: t('{0}, {1}', rowsText(table.estimatedRows), bytes(table.bytes)),
      })),
    fields: fieldsOf(draft).map(({ field }) => fieldView(field, request)),
    problems: { ...draftProblems(draft, outline), ...request.problems },
    sentence: change ? describeChange(change) : null,
    sketch: request.sketch && sketchView(request.sketch),
    locked: request.locked,
  };
}

function fieldView(
  field: ChangeField,
  { outline, tables }: Pick<ChangeViewRequest, 'outline' | 'tables'>,
): ChangeView['fields'][number] {
  const { id, hint = null, placeholder = null, lines = null } = field;
  const label = field.optional === true ? t('{0} (optional)', field.label) : field.label;
  const shown = { id, label, hint, placeholder, lines };
  switch (field.asks) {
    case 'column':
      return { ...shown, control: 'pick', of: 'table', options: outline.columns.map(columnOption) };
    case 'constraint':
      return { ...shown, control: 'pick', of: 'table', options: outline.constraints.map(partOption) };
    case 'index':
      return { ...shown, control: 'pick', of: 'table', options: outline.indexes.map(partOption) };
    case 'relation':
      return {
        ...shown,
        control: 'pick',
        of: 'database',
        options: tables.filter(({ kind }) => kind === 'table').map(tableOption),
      };
    case 'choice':
      return { ...shown, control: 'choice', of: 'database', options: field.choices };
    case 'flag':
      return { ...shown, control: 'flag', of: 'database', options: [] };
    case 'columns':
      return { ...shown, control: 'text', of: 'table', options: [] };
    case 'new-name':
    case 'name':
    case 'text':
      return { ...shown, control: 'text', of: 'database', options: [] };
  }
}

function tableOption(table: TableSummary): ChangeView['fields'][number]['options'][number] {
  return {
    value: tableName(table),
    label: tableName(table),
    detail: rowsText(table.estimatedRows),
  };
}

function partOption({ name, definition }: PartSummary): ChangeView['fields'][number]['options'][number] {
  return { value: name, label: name, detail: definition };
}

function columnOption({
  name,
  type,
  notNull,
}: ColumnSummary): ChangeView['fields'][number]['options'][number] {
  return { value: name, label: name, detail: notNull ? t('{0}, required', type) : type };
}
