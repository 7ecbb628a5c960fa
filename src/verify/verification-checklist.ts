import { t } from '../messages/translate';
import type { Report, ReportCheck } from './report';

/** One thing that a verification has to answer, with what answers it. */
export interface VerificationLine {
  title: string;
  /** `yes`, `no`, or `not observed`. */
  verdict: string;
  evidence: string;
}

/** What has to be true before a migration is called verified; what only people can see, says so. */
export function verificationChecklist({ checks }: Pick<Report, 'checks'>): VerificationLine[] {
  const byId = (pattern: RegExp): ReportCheck[] => checks.filter(({ id }) => pattern.test(id));
  const steps = checks.filter(({ id }) => /^\d\d-/.test(id));
  return [
    answered(t('All data is in its new place'), byId(/^pending-/)),
    answered(t('Nothing was lost or corrupted'), byId(/^(?:rows|equal|no-nulls)$/)),
    answered(t('Constraints and indexes are valid'), byId(/^(?:constraints|indexes)$/)),
    answered(t('Each step had its effect'), steps),
    answered(t('The rollback has been tried'), byId(/^rehearsal$/)),
    answered(
      t('Nothing in the database uses the old shape'),
      steps.filter(({ id }) => id.includes('unused')),
    ),
    open(t('Every consumer uses the new version'), t('the version each instance reports')),
    open(t('All features work'), t('smoke tests of the application')),
    open(
      t('Performance is what it was, or what was asked for'),
      t('the busiest hour since, against a normal day'),
    ),
    open(
      t('No spike of errors is in the logs, and no alert is open'),
      t('logs and alerts of the application'),
    ),
    open(t('The new version has monitoring of its own'), t('the dashboard')),
    open(t('The stakeholders have signed it off'), t('name and date of each')),
  ];
}

function answered(title: string, checks: readonly ReportCheck[]): VerificationLine {
  const ran = checks.filter(({ verdict }) => verdict !== 'not-run');
  if (ran.length === 0)
    return {
      title,
      verdict: t('not observed'),
      evidence: checks[0]?.evidence ?? t('There was no check of this kind.'),
    };
  const failed = ran.filter(({ verdict }) => verdict === 'failed');
  return failed.length > 0
    ? {
        title,
        verdict: t('no'),
        evidence: failed.map((check) => `${check.title}: ${check.evidence}`).join('; '),
      }
    : { title, verdict: t('yes'), evidence: passedText(ran) };
}

/** The checks by name where they are few. */
function passedText(checks: readonly ReportCheck[]): string {
  const titles = [...new Set(checks.map((check) => check.title))];
  return titles.length <= 3
    ? t('Passed: {0}.', titles.join('; '))
    : t('Passed: {0} of the checks below.', checks.length);
}

function open(title: string, where: string): VerificationLine {
  return {
    title,
    verdict: t('not observed'),
    evidence: t('Switchback does not see it. Look at: {0}.', where),
  };
}
