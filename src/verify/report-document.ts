import path from 'node:path';
import { signalRows, type SignalRow, type Thresholds } from '../documents/thresholds';
import { t } from '../messages/translate';
import type { Plan } from '../plan/plan';
import { copiedLines } from '../rehearse/copy/copied-text';
import type { Rehearsal } from '../rehearse/rehearsal';
import { durationText } from '../templates/duration-text';
import type { Report, ReportCheck } from './report';
import { verificationChecklist, type VerificationLine } from './verification-checklist';

/** What report.md is filled from: plain values, nothing escaped. */
export interface ReportDocument {
  plan: { id: string; title: string };
  verdict: string;
  /** What the verdict rests on, in a sentence. */
  reason: string;
  /** ISO 8601, UTC. */
  takenAt: string;
  database: Report['database'];
  checks: { title: string; verdict: string; evidence: string; took: string }[];
  checklist: VerificationLine[];
  /** The decision matrix, with what was seen. */
  signals: (SignalRow & { observed: string })[];
  rehearsal: {
    shadow: string;
    data: string[];
    migrations: { name: string; verdict: string; remarks: string }[];
  } | null;
  queries: { title: string; sql: string }[];
}

/** The report as a document. Pure. */
export function reportDocument(plan: Plan, report: Report, thresholds: Thresholds): ReportDocument {
  return {
    plan: { id: plan.id, title: plan.title },
    verdict: report.verdict === 'passed' ? t('Passed') : t('Failed'),
    reason: reasonOf(report.checks),
    takenAt: report.takenAt,
    database: report.database,
    checks: report.checks.map(({ title, verdict, evidence, milliseconds }) => ({
      title,
      verdict: verdictWord(verdict),
      evidence,
      took: verdict === 'not-run' ? '–' : milliseconds < 1 ? t('< 1 ms') : durationText(milliseconds),
    })),
    checklist: verificationChecklist(report),
    signals: signalRows(thresholds, plan.options.lockTimeoutMilliseconds).map((row) => ({
      ...row,
      observed: observedOf(row.id, report.checks),
    })),
    rehearsal: report.rehearsal && rehearsalOf(report.rehearsal, report.rehearsedBefore),
    queries: queriesOf(report.checks),
  };
}

/** Each once: steps may ask the same. */
function queriesOf(checks: readonly ReportCheck[]): ReportDocument['queries'] {
  const queries = new Map<string, string>();
  for (const { title, sql } of checks) {
    if (sql !== null && !queries.has(sql)) queries.set(sql, title);
  }
  return [...queries].map(([sql, title]) => ({ title, sql }));
}

/** A verdict as documents say it. */
export function verdictWord(verdict: ReportCheck['verdict']): string {
  switch (verdict) {
    case 'passed':
      return t('passed');
    case 'failed':
      return t('failed');
    case 'not-run':
      return t('not run');
  }
}

function reasonOf(checks: readonly ReportCheck[]): string {
  const count = (verdict: ReportCheck['verdict']): number =>
    checks.filter((check) => check.verdict === verdict).length;
  if (count('not-run') === 1)
    return t(
      'Of {0} checks {1} passed, {2} failed and 1 was not run.',
      checks.length,
      count('passed'),
      count('failed'),
    );
  return t(
    'Of {0} checks {1} passed, {2} failed and {3} were not run.',
    checks.length,
    count('passed'),
    count('failed'),
    count('not-run'),
  );
}

/** Switchback sees the database, not the application: what it cannot know, it says. */
function observedOf(id: SignalRow['id'], checks: readonly ReportCheck[]): string {
  switch (id) {
    case 'corruption':
      return t('see the rows that differ; what the application reads is not observed');
    case 'differingRows': {
      const found = checks.find((check) => check.id === 'equal' || check.id === 'no-nulls');
      return found && found.verdict !== 'not-run' ? found.evidence : t('not observed at this verification');
    }
    case 'errorRatePercent':
    case 'latencyIncreasePercent':
      return t('not observed: no metrics of the application are known here');
    case 'complaints':
    case 'request':
      return t('not observed: only people know');
    case 'replicaLagSeconds':
    case 'lock-wait':
      return t('not observed at this verification');
  }
}

function rehearsalOf(
  rehearsal: Rehearsal,
  before: string | undefined,
): NonNullable<ReportDocument['rehearsal']> {
  const onRecord = before === undefined ? [] : [t('Rehearsed before {0}', before)];
  return {
    shadow: shadowText(rehearsal.shadow),
    data: rehearsal.data ? copiedLines(rehearsal.data) : onRecord,
    migrations: rehearsal.migrations.map((item) => ({
      name: path.basename(item.path) === 'plan.md' ? item.name : path.basename(item.path),
      verdict: item.verdict,
      remarks: [item.error, ...item.notes].filter((remark) => remark !== null).join(' '),
    })),
  };
}

function shadowText({ kind, version }: Rehearsal['shadow']): string {
  switch (kind) {
    case 'embedded':
      return t('PostgreSQL {0}, embedded', version);
    case 'local':
      return t('PostgreSQL {0}, started on this machine', version);
    case 'server':
      return t('PostgreSQL {0}, on the server of the connection', version);
  }
}
