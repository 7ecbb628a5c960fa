import { t } from '../../messages/translate';
import { bytesText } from '../../templates/bytes-text';
import type { CopiedData } from './data-copy';

/** What the rehearsal had of a database's rows, as evidence says it: of what, of when, how much, how masked. */
export function copiedText({
  kind,
  rowsPerTable,
  at,
  database,
  tables,
  rows,
  bytes,
  masked,
}: CopiedData): string {
  return t(
    'on a copy of {0} of {1} of {2} of {3} ({4}, {5}), {6}',
    rows === 1 ? t('1 row') : t('{0} rows', rows),
    tables === 1 ? t('1 table') : t('{0} tables', tables),
    database,
    at,
    kind === 'full' ? t('all rows') : sampleText(rowsPerTable ?? 0),
    bytesText(bytes),
    maskedText(masked.length),
  );
}

function sampleText(rowsPerTable: number): string {
  return rowsPerTable === 1
    ? t('1 row of each table and all it references')
    : t('{0} rows of each table and all they reference', rowsPerTable);
}

function maskedText(columns: number): string {
  if (columns === 0) return t('nothing masked');
  return columns === 1 ? t('1 column masked') : t('{0} columns masked', columns);
}

/** The same with each masked column and what else is to be said of it, a line each. */
export function copiedLines(data: CopiedData): string[] {
  const { masked, notes } = data;
  return [
    t('Rehearsed {0}', copiedText(data)),
    ...(masked.length === 0
      ? []
      : [t('Masked: {0}', masked.map(({ column, rule }) => `${column} (${rule})`).join(', '))]),
    ...notes,
  ];
}

/** The same for programs that keep evidence as plain values. */
export function copiedDetails(data: CopiedData): Record<string, string | number> {
  const { kind, at, database, tables, rows, bytes, masked } = data;
  return {
    'data.kind': kind,
    'data.at': at,
    'data.database': database,
    'data.tables': tables,
    'data.rows': rows,
    'data.bytes': bytes,
    'data.text': copiedText(data),
    'data.masked': masked.map(({ column, rule }) => `${column} (${rule})`).join(', '),
  };
}
