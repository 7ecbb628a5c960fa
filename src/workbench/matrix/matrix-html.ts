import { escapeHtml } from '../../documents/html/escape-html';
import type {
  MatrixCell,
  MatrixDifference,
  MatrixHeading,
  MatrixRow,
  MigrationMatrix,
} from '../../journey/migration-matrix';
import { migrationTitle } from '../../layouts/migration-title';
import { t } from '../../messages/translate';
import { environmentWord } from '../format';
import { appliedWords, flagWord, stateWord } from '../migration-words';
import { matrixStyle } from './matrix-style';

export interface MatrixPage {
  /** null while it is being read. */
  matrices: readonly MigrationMatrix[] | null;
  /** When it was read, in words. */
  readAt: string;
  /** BCP 47. */
  language: string;
  nonce: string;
}

/** Every migration against every connection, as a page without scripts: nothing loads, nothing runs. */
export function matrixHtml({ matrices, readAt, language, nonce }: MatrixPage): string {
  const policy = `default-src 'none'; style-src 'nonce-${nonce}'`;
  return `<!doctype html>
<html lang="${escapeHtml(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(t('Migration Matrix'))}</title>
<style nonce="${nonce}">${matrixStyle}</style>
</head>
<body>
<main>
<h1>${escapeHtml(t('Migration Matrix'))}</h1>
${matrices === null ? paragraph(t('Reading each connection…')) : content(matrices, readAt)}
</main>
</body>
</html>`;
}

function content(matrices: readonly MigrationMatrix[], readAt: string): string {
  const [first] = matrices;
  if (!first) return paragraph(t('This workspace has no migrations.'));
  const problems = first.columns.flatMap(({ name }, place) => {
    const said = matrices.flatMap(({ columns }) => columns[place]?.problem ?? []);
    return [...new Set(said)].map((sentence) => `<li>${escapeHtml(t('{0}: {1}', name, sentence))}</li>`);
  });
  return [
    paragraph(t('Read {0}, in sessions that cannot write.', readAt)),
    problems.length === 0
      ? ''
      : `<section aria-label="${escapeHtml(t('What could not be read'))}"><ul class="problems">${problems.join('')}</ul></section>`,
    ...matrices.map(table),
  ].join('\n');
}

function table({ label, tool, columns, rows }: MigrationMatrix): string {
  return `<table>
<caption>${escapeHtml(t('{0} ({1})', label, tool))} <span class="quiet">${escapeHtml(summary(rows))}</span></caption>
<thead><tr><th scope="col">${escapeHtml(t('Migration'))}</th>${columns.map(heading).join('')}<th scope="col">${escapeHtml(t('Differs'))}</th></tr></thead>
<tbody>
${rows.map((row) => tableRow(row, columns)).join('\n')}
</tbody>
</table>`;
}

function summary(rows: readonly MatrixRow[]): string {
  const differing = rows.filter(({ differs }) => differs !== 'none').length;
  if (rows.length === 1)
    return differing === 0
      ? t('1 migration, the same everywhere')
      : t('1 migration, not the same everywhere');
  return differing === 0
    ? t('{0} migrations, the same everywhere', rows.length)
    : t('{0} migrations, {1} of them not the same everywhere', rows.length, differing);
}

function heading({ name, environment }: MatrixHeading): string {
  return `<th scope="col" class="${environment}"><span class="name">${escapeHtml(name)}</span> <span class="environment">${escapeHtml(environmentWord(environment))}</span></th>`;
}

function tableRow(row: MatrixRow, columns: readonly MatrixHeading[]): string {
  const file = row.path === null ? ` <span class="quiet">${escapeHtml(t('no file here'))}</span>` : '';
  const cells = row.cells.map(
    (cell, place) => `<td class="${cellClass(cell, columns[place]!)}">${cellHtml(cell)}</td>`,
  );
  const differs = `<td class="${row.differs === 'none' ? 'quiet' : 'differs'}">${escapeHtml(differenceWord(row.differs))}</td>`;
  return `<tr><th scope="row">${escapeHtml(migrationTitle(row))}${file}</th>${cells.join('')}${differs}</tr>`;
}

function cellClass(cell: MatrixCell | null, { environment }: MatrixHeading): string {
  return `${environment} ${cell?.state ?? 'unknown'}`;
}

function cellHtml(cell: MatrixCell | null): string {
  if (cell === null) return escapeHtml(t('not known'));
  const word = cell.state === 'absent' ? t('not there') : stateWord(cell.state);
  const flags = cell.flags.map((flag) => `, ${flagWord(flag)}`).join('');
  const when = appliedWords(cell);
  const detail = when === null ? '' : `<span class="quiet">${escapeHtml(when)}</span>`;
  return `<span class="state">${escapeHtml(word)}</span>${escapeHtml(flags)}${detail}`;
}

function differenceWord(difference: MatrixDifference): string {
  switch (difference) {
    case 'none':
      return t('no');
    case 'state':
      return t('state');
    case 'checksum':
      return t('text: the recorded checksums differ');
  }
}

function paragraph(text: string): string {
  return `<p>${escapeHtml(text)}</p>`;
}
