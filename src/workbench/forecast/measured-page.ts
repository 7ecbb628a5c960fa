import type { MeasuredFile } from '../../journey/measure';
import { t } from '../../messages/translate';
import {
  disagreementAdvice,
  disagreementReport,
  disagreementSentence,
  sideBySide,
} from '../../rehearse/measure/disagreement-report';
import { duration } from '../format';
import { codeBlock, escapeMarkdown } from './markdown';

/** Forecast and measurement of each statement of a file side by side, as a page of Markdown. */
export function measuredPage(measured: MeasuredFile, label: string, text: string): string {
  const { shadow, problem, statements, notes } = measured;
  const parts = [
    `# ${escapeMarkdown(t('Measured: {0}', label))}`,
    escapeMarkdown(
      t(
        'Depth: measured. Each statement ran in a shadow database ({0} {1}, {2}) with at most 2,000 rows in each table: locks and work are those of your tables, times are not. Nothing ran anywhere else.',
        shadow.engine === 'pglite' ? 'PGlite' : 'PostgreSQL',
        shadow.version,
        shadow.kind,
      ),
    ),
    problem === null ? '' : `**${escapeMarkdown(problem)}**`,
    statements.length > 0 ? table(measured, text) : '',
    ...notes.map((note) => escapeMarkdown(note)),
    disagreements(measured, text),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function table({ statements }: MeasuredFile, text: string): string {
  const rows = statements.map((statement) => {
    const { predicted, measured } = sideBySide(statement);
    const agrees = statement.disagreements.length === 0;
    const notes = statement.error === null ? statement.notes : [statement.error, ...statement.notes];
    const seen = measured === null ? notes.join(' ') : [measured, ...notes].join('. ');
    const time = statement.milliseconds === null ? '' : duration(statement.milliseconds);
    return [
      String(statement.predicted.start.line),
      firstLine(text.slice(statement.predicted.start.offset, statement.predicted.end.offset)),
      predicted,
      seen,
      time,
      measured === null ? t('not measured') : agrees ? t('agrees') : t('differs'),
    ];
  });
  const head = [t('Line'), t('Statement'), t('Forecast'), t('Measured'), t('Took'), t('Verdict')];
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeMarkdown).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)].join('\n');
}

function disagreements(measured: MeasuredFile, text: string): string {
  const differing = measured.statements.filter((statement) => statement.disagreements.length > 0);
  if (differing.length === 0) return '';
  return [
    `## ${t('Where forecast and server differ')}`,
    escapeMarkdown(disagreementAdvice()),
    ...differing.flatMap((statement) =>
      statement.disagreements.map((each) => `- ${escapeMarkdown(disagreementSentence(each))}`),
    ),
    codeBlock(measuredReport(measured, text), 'text'),
  ].join('\n\n');
}

/** The report of all disagreements of a file, ready to paste; empty where there are none. */
export function measuredReport({ statements, shadow }: MeasuredFile, text: string): string {
  return statements
    .filter((statement) => statement.disagreements.length > 0)
    .map((statement) =>
      disagreementReport(
        text.slice(statement.predicted.start.offset, statement.predicted.end.offset),
        statement,
        shadow,
      ),
    )
    .join('\n\n');
}

function firstLine(sql: string): string {
  const [line = ''] = sql.trim().split(/\r\n|\n|\r/);
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}
