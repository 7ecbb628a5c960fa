import { t } from '../messages/translate';
import { lockName } from '../safety/forecast/describe-forecast';
import type { LintedFile } from '../journey/outcomes';
import type { Finding } from '../safety/finding';
import { lockModes, workKinds, type Forecast, type Work } from '../safety/forecast';
import { duration } from './format';

/** The strongest lock and the heaviest work of one direction, in a phrase; null for a file without statements. */
export function forecastPhrase(statements: readonly Forecast[]): string | null {
  if (statements.length === 0) return null;
  const locks = statements.flatMap((statement) => statement.locks);
  const strongest = locks.reduce<Forecast['locks'][number] | null>(
    (best, lock) =>
      best === null || lockModes.indexOf(lock.mode) > lockModes.indexOf(best.mode) ? lock : best,
    null,
  );
  const work = statements.reduce<Work>(
    (heaviest, { work: own }) => (workKinds.indexOf(own) > workKinds.indexOf(heaviest) ? own : heaviest),
    'none',
  );
  const lockPhrase = strongest ? t('{0} on {1}', lockName(strongest.mode), strongest.relation) : t('no lock');
  return workKinds.indexOf(work) > workKinds.indexOf('catalog')
    ? `${lockPhrase}, ${workWord(work)}`
    : lockPhrase;
}

/** What PostgreSQL has to do, in a word or two. */
export function workWord(work: Work): string {
  switch (work) {
    case 'none':
      return t('no work');
    case 'catalog':
      return t('catalog only');
    case 'scan':
      return t('table scan');
    case 'index-build':
      return t('index build');
    case 'rewrite':
      return t('table rewrite');
  }
}

/** A file's statements with their forecasts and findings as SQL comments, for a read-only editor. */
export function forecastText(file: LintedFile, sql: string): string {
  const blocks = file.statements.map((statement) => {
    const findings = file.findings.filter((finding) => finding.statement === statement.index);
    return [
      ...describe(statement),
      ...findings.map(describeFinding),
      sql.slice(statement.start.offset, statement.end.offset) + ';',
    ].join('\n');
  });
  const others = file.findings.filter((finding) => finding.statement === null).map(describeFinding);
  const head = t('-- Forecast of {0}', file.path);
  return [head, ...others, '', blocks.length > 0 ? blocks.join('\n\n') : t('-- No statements.'), ''].join(
    '\n',
  );
}

function describe(statement: Forecast): string[] {
  const locks = statement.locks.map((lock) => t('{0} on {1}', lockName(lock.mode), lock.relation)).join('; ');
  const lines = [
    t('-- Lock: {0}', locks || t('none')),
    t(
      '-- Work: {0}',
      statement.workOn.length > 0
        ? `${workWord(statement.work)} (${statement.workOn.join(', ')})`
        : workWord(statement.work),
    ),
  ];
  if (statement.blocks.length > 0) lines.push(t('-- Blocks: {0}', statement.blocks.join(', ')));
  if (statement.holdMilliseconds) {
    lines.push(
      t(
        '-- Held: {0} to {1}',
        duration(statement.holdMilliseconds.low),
        duration(statement.holdMilliseconds.high),
      ),
    );
  }
  if (!statement.transactional) lines.push(t('-- Refuses a transaction'));
  if (!statement.compatible) lines.push(t('-- Old application code may fail'));
  if (!statement.dataRecoverable) lines.push(t('-- What it removes cannot come back'));
  return [...lines, ...statement.notes.map((note) => `-- ${note}`)];
}

function describeFinding(finding: Finding): string {
  return `-- ${finding.severity}: ${finding.message} (${finding.rule})`;
}
