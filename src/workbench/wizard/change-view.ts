import { describeChange, type Change } from '../../assess/change';
import type { ColumnSummary, TableSummary } from '../../journey/tables';
import { isSwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import type { ChangeDraft, ChangeField, ChangeView } from '../../protocol/wizard-state';
import { assertIdentifier, parseQualifiedName } from '../../sql/identifier';
import { bytes, count, tableName } from '../format';

/** An empty form. */
export function emptyDraft(kind: ChangeDraft['kind'] = 'rename-column'): ChangeDraft {
  return {
    kind,
    table: '',
    from: '',
    to: '',
    column: '',
    type: '',
    fillBy: 'default',
    expression: '',
    keepDefault: false,
    dualWrite: 'trigger',
  };
}

/** The form that would give this change. */
export function draftOf(change: Change): ChangeDraft {
  const table = tableName(change.table);
  switch (change.kind) {
    case 'rename-column':
      return { ...emptyDraft(change.kind), table, from: change.from, to: change.to };
    case 'add-required-column':
      return {
        ...emptyDraft(change.kind),
        table,
        column: change.column,
        type: change.type,
        fillBy: change.fill.by,
        expression: change.fill.expression,
        keepDefault: change.keepDefault,
      };
  }
}

/** What is wrong with a form, by field, as far as names and the table's columns tell. Empty fields are not wrong yet. */
export function draftProblems(
  draft: ChangeDraft,
  columns: readonly ColumnSummary[],
): Partial<Record<ChangeField, string>> {
  const problems: Partial<Record<ChangeField, string>> = {};
  const field = draft.kind === 'rename-column' ? 'to' : 'column';
  const name = draft[field];
  if (name !== '') {
    const problem = nameProblem(name);
    if (problem) problems[field] = problem;
    else if (columns.some((column) => column.name === name)) {
      problems[field] =
        name === draft.from
          ? t('That is the old name. Type another one.')
          : t('{0} already has a column {1}. Type another name.', draft.table, name);
    }
  }
  if (
    draft.kind === 'rename-column' &&
    draft.from !== '' &&
    columns.length > 0 &&
    !columns.some((column) => column.name === draft.from)
  ) {
    problems.from = t(
      '{0} has no column {1}. It may have been renamed already; choose another.',
      draft.table,
      draft.from,
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
  if (draft.table === '' || Object.keys(draftProblems(draft, columns)).length > 0) return null;
  const table = parseQualifiedName(draft.table);
  switch (draft.kind) {
    case 'rename-column':
      return draft.from !== '' && draft.to !== ''
        ? { kind: draft.kind, table, from: draft.from, to: draft.to }
        : null;
    case 'add-required-column':
      if (draft.column === '' || draft.type.trim() === '' || draft.expression.trim() === '') return null;
      return {
        kind: draft.kind,
        table,
        column: draft.column,
        type: draft.type.trim(),
        fill: { by: draft.fillBy, expression: draft.expression.trim() },
        keepDefault: draft.fillBy === 'default' && draft.keepDefault,
      };
  }
}

export interface ChangeViewRequest {
  draft: ChangeDraft;
  revision: number;
  tables: readonly TableSummary[];
  columns: readonly ColumnSummary[];
  /** What the host found wrong beyond names. */
  problems: Partial<Record<ChangeField, string>>;
  locked: boolean;
}

/** What the Change station shows. */
export function changeView(request: ChangeViewRequest): ChangeView {
  const { draft, columns } = request;
  const change = changeOf(draft, columns);
  return {
    draft,
    revision: request.revision,
    recipes: [
      {
        id: 'rename-column',
        title: t('Rename a column'),
        description: t('Old and new application code run side by side; no write is lost.'),
      },
      {
        id: 'add-required-column',
        title: t('Add a required column'),
        description: t('Every row gets a value before the column becomes NOT NULL.'),
      },
    ],
    tables: request.tables.map((table) => ({
      value: tableName(table),
      detail: t('{0} rows, {1}', count(table.estimatedRows), bytes(table.bytes)),
    })),
    columns: columns.map((column) => ({
      name: column.name,
      detail: column.notNull ? t('{0}, required', column.type) : column.type,
    })),
    typeSuggestions: ['text', 'bigint', 'timestamptz', 'numeric(12,2)'],
    problems: { ...draftProblems(draft, columns), ...request.problems },
    sentence: change ? describeChange(change) : null,
    locked: request.locked,
  };
}
