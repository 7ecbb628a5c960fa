import { t } from '../messages/translate';
import type { LintedFile } from '../journey/outcomes';
import type { Finding } from '../safety/finding';
import type { Forecast } from '../safety/forecast';
import { depthWord, lockSentence, timeSentence, workSentence } from './forecast/statement-facts';
import { rowsOf } from '../safety/forecast/rows-of';
import { wrapText } from './wrap-text';

/** What fits beside the file it is about. */
const lineWidth = 80;

export interface ForecastDocument {
  text: string;
  /** Line of each statement's forecast, from 0, by its index. */
  lines: ReadonlyMap<number, number>;
}

/** A file's statements with their forecasts and findings as SQL comments, for a read-only editor. */
export function forecastDocument(file: LintedFile, sql: string, database: string | null): ForecastDocument {
  const lines = new Map<number, number>();
  const written: string[] = [t('-- Forecast of {0}', file.path)];
  const depths = [...new Set(file.statements.map((statement) => statement.depth))];
  written.push(...depths.map((depth) => t('-- Depth: {0}', depthWord(depth, database))));
  written.push(...file.findings.filter((finding) => finding.statement === null).flatMap(findingLines));
  for (const statement of file.statements) {
    written.push('');
    lines.set(statement.index, written.length);
    const findings = file.findings.filter((finding) => finding.statement === statement.index);
    const text = `${sql.slice(statement.start.offset, statement.end.offset)};`;
    written.push(
      ...factLines(statement, rowsOf(statement, file.rows)).map(oneLine),
      ...findings.flatMap(findingLines),
      ...text.split(/\r\n|\n|\r/),
    );
  }
  if (file.statements.length === 0) written.push('', t('-- No statements.'));
  return { text: `${written.join('\n')}\n`, lines };
}

function factLines(statement: Forecast, rows: number | null): string[] {
  const locks = statement.locks.map(lockSentence).join('; ');
  const lines = [t('-- Lock: {0}', locks || t('none')), t('-- Work: {0}', workSentence(statement))];
  if (statement.blocks.length > 0)
    lines.push(t('-- Blocks: {0}', statement.blocks.map(blockedWord).join(', ')));
  const time = timeSentence(statement, rows);
  if (time !== null) lines.push(t('-- Held: {0}', time));
  if (!statement.transactional) lines.push(t('-- Refuses a transaction'));
  if (!statement.compatible) lines.push(t('-- Old application code may fail'));
  if (!statement.dataRecoverable) lines.push(t('-- What it removes cannot come back'));
  return [...lines, ...statement.notes.map((note) => t('-- Note: {0}', note))];
}

function findingLines(finding: Finding): string[] {
  const text = `${finding.severity}: ${oneLine(finding.message)} (${finding.rule})`;
  const lines = wrapText(text, lineWidth).map((line, index) => (index === 0 ? `-- ${line}` : `--   ${line}`));
  return finding.fix ? [...lines, t('--   Quick fix: {0}', oneLine(finding.fix.title))] : lines;
}

function blockedWord(blocked: Forecast['blocks'][number]): string {
  switch (blocked) {
    case 'reads':
      return t('reads');
    case 'writes':
      return t('writes');
    case 'ddl':
      return t('other DDL');
  }
}

/** Names may hold line breaks; a comment must not end at one. */
function oneLine(text: string): string {
  return text.replace(/\s*[\r\n]+\s*/g, ' ');
}
