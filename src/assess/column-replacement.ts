import type { TableFacts } from '../catalog/table-facts';
import { columnOf } from '../catalog/read-table-facts';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { formatIdentifier, formatQualifiedName, type QualifiedName } from '../sql/identifier';

/** Columns that others take the place of. */
export interface ColumnReplacement {
  table: QualifiedName;
  /** Each with SQL over the new columns that gives its value again; null where nothing does. */
  old: { column: string; back: string | null }[];
  /** Each with SQL over the row that gives its value. */
  new: { column: string; type: string; expression: string }[];
}

/** Names for a sentence: `a, b`. */
export function namesOf(columns: readonly { column: string }[]): string {
  return columns.map(({ column }) => formatIdentifier(column)).join(', ');
}

/** Throws where these columns cannot take the place of those in this table. */
export function checkReplacement(replacement: ColumnReplacement, table: TableFacts): void {
  const relation = formatQualifiedName(table.name);
  const there = (name: string): boolean => table.columns.some((column) => column.name === name);
  const names = [...replacement.old, ...replacement.new].map(({ column }) => column);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new SwitchbackError(
      'invalid-input',
      t('The column {0} is named twice. Give each column a name of its own.', formatIdentifier(twice)),
    );
  }
  if (
    replacement.new.every(({ column }) => there(column)) &&
    !replacement.old.some(({ column }) => there(column))
  ) {
    throw new SwitchbackError(
      'already-done',
      t(
        '{0} has {1} and no {2} any more. There is nothing to do.',
        relation,
        namesOf(replacement.new),
        namesOf(replacement.old),
      ),
    );
  }
  for (const { column } of replacement.old) checkOld(column, table);
  const taken = replacement.new.find(({ column }) => there(column));
  if (taken === undefined) return;
  throw new SwitchbackError(
    'invalid-input',
    t(
      '{0} has a column {1} already. Choose another name, or open the plan that is under way.',
      relation,
      formatIdentifier(taken.column),
    ),
  );
}

function checkOld(name: string, table: TableFacts): void {
  const { generated, identity } = columnOf(table, name);
  if (generated === null && identity === null) return;
  throw new SwitchbackError(
    'invalid-input',
    t(
      '{0}.{1} gets its value from the server ({2}), so that nothing can be written back to it. Choose another column.',
      formatQualifiedName(table.name),
      formatIdentifier(name),
      generated === null ? 'IDENTITY' : 'GENERATED',
    ),
  );
}
