import { t } from '../../messages/translate';
import { copiedText } from '../../rehearse/copy/copied-text';
import { isProven, type MigrationRehearsal, type Rehearsal, type Verdict } from '../../rehearse/rehearsal';
import { verdictSentence } from '../../rehearse/verdict-sentence';
import type { Tone } from '../../protocol/facts';
import type { RehearsalView, ReportView } from '../../protocol/wizard-state';
import type { Report, ReportCheck } from '../../verify/report';
import { duration, moment } from '../format';
import { migrationTitle } from '../../layouts/migration-title';

/** What the Verify station shows of a report; `path` is report.md where it was written. */
export function reportView(report: Report, path: string | null): ReportView {
  const passed = report.checks.filter((check) => check.verdict === 'passed').length;
  return {
    takenAt: moment(report.takenAt),
    database: report.database.label,
    verdict: verdictWords(report, passed),
    tone: report.verdict === 'passed' ? 'good' : 'bad',
    checks: report.checks.map((check) => ({
      id: check.id,
      title: check.title,
      verdict: checkWord(check.verdict),
      tone: checkTone(check.verdict),
      evidence: check.evidence,
      sql: check.sql,
      time: duration(check.milliseconds),
    })),
    path,
  };
}

/** Checks of steps that are not done yet have not run; they take nothing away from the verdict. */
function verdictWords(report: Report, passed: number): string {
  const later = report.checks.filter((check) => check.verdict === 'not-run').length;
  const run = report.checks.length - later;
  const words = report.verdict === 'passed' ? passedWords(passed, run) : failedWords(passed, run);
  if (later === 0) return words;
  return later === 1
    ? t('{0}; 1 belongs to a step not done yet', words)
    : t('{0}; {1} belong to steps not done yet', words, later);
}

function passedWords(passed: number, run: number): string {
  return run === 1 ? t('Passed: the one check holds') : t('Passed: {0} of {1} checks hold', passed, run);
}

function failedWords(passed: number, run: number): string {
  if (run === 1) return t('Failed: the one check does not hold');
  return passed === 1
    ? t('Failed: 1 of {0} checks holds', run)
    : t('Failed: {0} of {1} checks hold', passed, run);
}

function checkWord(verdict: ReportCheck['verdict']): string {
  switch (verdict) {
    case 'passed':
      return t('Passed');
    case 'failed':
      return t('Failed');
    case 'not-run':
      return t('Not run');
  }
}

function checkTone(verdict: ReportCheck['verdict']): Tone {
  switch (verdict) {
    case 'passed':
      return 'good';
    case 'failed':
      return 'bad';
    case 'not-run':
      return 'neutral';
  }
}

/** What is shown of a rehearsal: each migration with its verdict. */
export function rehearsalView(rehearsal: Rehearsal): RehearsalView {
  const { shadow, migrations, data } = rehearsal;
  const proven =
    migrations.length > 0 &&
    migrations.every((item) => isProven(item.verdict) || item.verdict === 'irreversible');
  const place = t(
    'in a shadow database: {0}, {1} {2}',
    shadow.kind,
    shadow.engine === 'pglite' ? 'PGlite' : 'PostgreSQL',
    shadow.version,
  );
  return {
    shadow: data ? t('{0}, {1}', place, copiedText(data)) : place,
    verdict: proven ? t('Rollback proven') : t('Rollback not proven'),
    tone: proven ? 'good' : 'bad',
    migrations: migrations.map((item) => ({
      title: migrationTitle(item),
      verdict: verdictWord(item.verdict),
      tone: isProven(item.verdict) ? 'good' : item.verdict === 'irreversible' ? 'notice' : 'bad',
      detail: rehearsalDetail(item),
      time: duration(item.milliseconds),
    })),
  };
}

function rehearsalDetail(item: MigrationRehearsal): string {
  const { verdict, error, notes } = item;
  const isNoted = error === null || notes.some((note) => note.includes(error));
  const says = isProven(verdict) || verdict === 'irreversible' ? [] : [verdictSentence(item)];
  return [...says, ...(isNoted ? [] : [error]), ...notes].join(' ');
}

/** The verdict of a rehearsal in words. */
export function verdictWord(verdict: Verdict): string {
  switch (verdict) {
    case 'up-fails':
      return t('Up fails');
    case 'times-out':
      return t('Times out');
    case 'leaves-transaction-open':
      return t('Leaves a transaction open');
    case 'no-down':
      return t('No down script');
    case 'empty-down':
      return t('Empty down script');
    case 'down-fails':
      return t('Down fails');
    case 'irreversible':
      return t('Irreversible');
    case 'differs':
      return t('Differs after down');
    case 're-up-fails':
      return t('Second up fails');
    case 're-up-differs':
      return t('Second up differs');
    case 'text-only':
      return t('Restored, texts differ');
    case 'order-only':
      return t('Restored, order differs');
    case 'exact':
      return t('Restored exactly');
  }
}
