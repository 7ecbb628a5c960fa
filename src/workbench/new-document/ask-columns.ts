import type { MigrationChecks } from '../../journey/migration-checks';
import type { ColumnSummary } from '../../journey/tables';
import { isSwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { parseQualifiedName } from '../../sql/identifier';
import { rowsText } from '../../templates/rows-text';
import { bytes, tableName } from '../format';
import type { MultiStepInput } from '../multi-step-input';
import type { MigrationDraft } from './migration-draft';
import type { KnownTables } from './migration-tables';

/** One of the tables of the database, whose columns are kept, or one that is not there yet. */
export async function askTable(
  known: KnownTables,
  columns: { of: ColumnSummary[] },
  input: MultiStepInput,
  draft: MigrationDraft,
): Promise<void> {
  const table = await input.pick<string | null>({
    placeholder: t('Which table?'),
    active: draft.typedTable ? null : draft.table,
    choices: [
      ...known.tables.map((item) => ({
        label: tableName(item),
        description: `${rowsText(item.estimatedRows)}, ${bytes(item.bytes)}`,
        value: tableName(item),
      })),
      { label: t('Another Table…'), description: t('one that is not in the database yet'), value: null },
    ],
  });
  draft.typedTable = table === null;
  columns.of = table === null ? [] : await known.columns(table);
  draft.table = table ?? draft.table;
}

/** A table that no database tells of. */
export async function askTableName(input: MultiStepInput, draft: MigrationDraft): Promise<void> {
  const table = await input.text({
    prompt: t('Table, with its schema where it is not public'),
    placeholder: 'sales.orders',
    value: draft.table,
    validate: tableProblem,
  });
  draft.table = tableName(parseQualifiedName(table));
}

function tableProblem(text: string): string | undefined {
  if (text.trim() === '') return t('This must not be empty.');
  try {
    parseQualifiedName(text);
    return undefined;
  } catch (error) {
    if (isSwitchbackError(error)) return error.sentence;
    throw error;
  }
}

/** A column that is there. */
export async function askOldColumn(
  checks: MigrationChecks,
  columns: { of: readonly ColumnSummary[] },
  input: MultiStepInput,
  draft: MigrationDraft,
): Promise<void> {
  if (columns.of.length === 0) {
    draft.column = await input.text({
      prompt: t('Name of the column'),
      value: draft.column,
      validate: checks.name,
    });
    return;
  }
  draft.column = await input.pick({
    placeholder: t('Which column?'),
    active: draft.column,
    choices: columns.of.map(({ name, type }) => ({ label: name, description: type, value: name })),
  });
  draft.oldType = columns.of.find(({ name }) => name === draft.column)?.type ?? '';
}

/** A name for a column that is not there yet. */
export async function askNewColumn(
  checks: MigrationChecks,
  columns: { of: readonly ColumnSummary[] },
  field: 'column' | 'newName',
  prompt: string,
  input: MultiStepInput,
  draft: MigrationDraft,
): Promise<void> {
  draft[field] = await input.text({
    prompt,
    value: draft[field],
    validate: (name) => {
      const taken =
        columns.of.some((column) => column.name === name) || (field === 'newName' && name === draft.column);
      return checks.name(name) ?? (taken ? t('{0} already has a column {1}.', draft.table, name) : undefined);
    },
  });
}

/** The columns of an index. */
export async function askColumns(
  checks: MigrationChecks,
  columns: { of: readonly ColumnSummary[] },
  input: MultiStepInput,
  draft: MigrationDraft,
): Promise<void> {
  const hint = columns.of.map(({ name }) => name).slice(0, 4);
  const text = await input.text({
    prompt: t('Columns of the index in its order, separated by commas'),
    placeholder: hint.length > 0 ? hint.join(', ') : 'customer_id, placed_at',
    value: draft.columns.join(', '),
    validate: (value) => listProblem(checks, value) ?? unknownColumn(columns.of, draft.table, value),
  });
  draft.columns = listOf(text);
}

/** The key that batches walk by. */
export async function askKey(
  checks: MigrationChecks,
  input: MultiStepInput,
  draft: MigrationDraft,
): Promise<void> {
  const text = await input.text({
    prompt: t(
      'Primary key of {0}, which the batches walk by; several columns separated by commas',
      draft.table,
    ),
    placeholder: 'id',
    value: draft.key.length > 0 ? draft.key.join(', ') : 'id',
    validate: (value) => listProblem(checks, value),
  });
  draft.key = listOf(text);
}

function unknownColumn(columns: readonly ColumnSummary[], table: string, text: string): string | undefined {
  if (columns.length === 0) return undefined;
  const missing = listOf(text).find((name) => !columns.some((column) => column.name === name));
  return missing === undefined
    ? undefined
    : t('{0} has no column {1}. It has {2}.', table, missing, columns.map(({ name }) => name).join(', '));
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

function listProblem(checks: MigrationChecks, text: string): string | undefined {
  const names = listOf(text);
  if (names.length === 0) return t('This must not be empty.');
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) return t('{0} is named twice.', twice);
  return names.map((name) => checks.name(name)).find((problem) => problem !== undefined);
}
