import type { LintedFile, LintResult } from '../../journey/outcomes';
import { printableLine } from '../../messages/printable';
import { redact } from '../../messages/redact';
import { t } from '../../messages/translate';
import type { Finding, Severity } from '../../safety/finding';
import { describeForecast } from '../../safety/forecast/describe-forecast';
import { holdsOthersForItsWork } from '../../safety/forecast/effects';
import { rowsOf } from '../../safety/forecast/rows-of';
import { depths, type Depth, type Forecast } from '../../safety/forecast';
import { isBeside } from '../../rehearse/measure/measured-forecast';
import { formatCount } from './format';
import { besideLines } from './measured';
import { painter, type Colour, type Paint } from './paint';
import { wrapped } from './wrap';

export interface LintTextOptions {
  /** Characters in a line. */
  columns: number;
  colours: boolean;
  /** Every statement, not only those that are loud. */
  all: boolean;
  /** Whether a database was asked: then each statement says whether it is judged by it. */
  connected: boolean;
  nameOf: (path: string) => string;
  /** The text of a file; null where it cannot be read. */
  textOf: (path: string) => string | null;
}

const colours: Record<Severity, Colour> = { error: 'red', warning: 'yellow', info: 'cyan' };

/** Files with their loud statements, what each does, what was found on it; and a line that sums it up. */
export function lintText(result: LintResult, options: LintTextOptions): string {
  const paint = painter(options.colours);
  const parts = result.files.map((file) => filePart(file, options, paint)).filter((part) => part !== '');
  return [...parts, summary(result, options)].join('\n\n');
}

/** Whether a file has something to show. */
export function isShown(file: LintedFile, all: boolean): boolean {
  return file.findings.length > 0 || file.statements.some((each) => all || holdsOthersForItsWork(each));
}

function filePart(file: LintedFile, options: LintTextOptions, paint: Paint): string {
  if (!isShown(file, options.all)) return '';
  const text = options.textOf(file.path) ?? '';
  const lines = [paint('bold', printableLine(options.nameOf(file.path)))];
  for (const finding of file.findings.filter((each) => each.statement === null))
    lines.push(...findingLines(finding, options, paint));
  for (const statement of file.statements) {
    const findings = file.findings.filter((each) => each.statement === statement.index);
    if (findings.length === 0 && !options.all && !holdsOthersForItsWork(statement)) continue;
    lines.push(...statementLines(statement, file, text, options, paint));
    for (const finding of findings) lines.push(...findingLines(finding, options, paint));
  }
  return lines.join('\n');
}

function statementLines(
  statement: Forecast,
  { rows, sent }: LintedFile,
  text: string,
  { columns, connected }: LintTextOptions,
  paint: Paint,
): string[] {
  const place = `  ${statement.start.line}:${statement.start.column}  `;
  const written = sent?.get(statement.index) ?? text.slice(statement.start.offset, statement.end.offset);
  const sql = oneLine(written, columns - place.length);
  const phrase = describeForecast(statement, rowsOf(statement, rows));
  const judged = connected ? `${phrase} (${depthWord(statement.depth)})` : phrase;
  const lines = isBeside(statement) ? besideLines(statement) : [judged];
  return [
    `${place}${sql}`,
    ...lines.flatMap((line) => wrapped(line, columns, '    ')).map((line) => paint('dim', line)),
  ];
}

function findingLines(finding: Finding, { columns }: LintTextOptions, paint: Paint): string[] {
  const place = `${finding.start.line}:${finding.start.column}`;
  const head = `    ${place}  ${paint(colours[finding.severity], finding.severity)}  ${finding.rule}`;
  const fix = finding.fix ? wrapped(t('Fix: {0}', finding.fix.title), columns, '      ') : [];
  return [head, ...wrapped(finding.message, columns, '      '), ...fix];
}

/** The statement in one line, cut where the line ends. */
function oneLine(sql: string, width: number): string {
  const line = printableLine(redact(sql.replace(/\s+/g, ' ').trim()));
  return line.length > width ? `${line.slice(0, Math.max(width - 1, 1))}…` : line;
}

function depthWord(depth: Depth): string {
  switch (depth) {
    case 'static':
      return t('from the text');
    case 'catalog':
      return t('from the catalog');
    case 'measured':
      return t('measured');
  }
}

function summary({ files }: LintResult, { connected }: LintTextOptions): string {
  const statements = files.flatMap((file) => file.statements);
  const findings = files.flatMap((file) => file.findings);
  const found = (severity: Severity): number => findings.filter((each) => each.severity === severity).length;
  const counts = [
    counted(found('error'), t('1 error'), (count) => t('{0} errors', count)),
    counted(found('warning'), t('1 warning'), (count) => t('{0} warnings', count)),
    counted(found('info'), t('1 remark'), (count) => t('{0} remarks', count)),
  ].filter((text) => text !== '');
  const verdict = counts.length > 0 ? counts.join(', ') : t('nothing found');
  const looked = t(
    '{0} in {1}',
    counted(statements.length, t('1 statement'), (count) => t('{0} statements', count)) || t('no statement'),
    counted(files.length, t('1 file'), (count) => t('{0} files', count)) || t('no file'),
  );
  const line = `${looked}: ${verdict}.`;
  if (!connected) return line;
  const by = depths.flatMap((depth) => {
    const count = statements.filter((each) => each.depth === depth).length;
    return count > 0 ? [`${formatCount(count)} ${depthWord(depth)}`] : [];
  });
  return by.length > 0 ? `${line}\n${t('Judged: {0}.', by.join(', '))}` : line;
}

function counted(count: number, one: string, many: (count: string) => string): string {
  return count === 0 ? '' : count === 1 ? one : many(formatCount(count));
}
