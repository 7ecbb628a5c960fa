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
    'on a copy of {0} rows of {1} tables of {2} of {3} ({4}, {5}), {6}',
    rows,
    tables,
    database,
    at,
    kind === 'full' ? t('all rows') : t('{0} rows of each table and all they reference', rowsPerTable ?? 0),
    bytesText(bytes),
    masked.length === 0 ? t('nothing masked') : t('{0} columns masked', masked.length),
  );
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
