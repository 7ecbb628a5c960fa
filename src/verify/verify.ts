import type { Session } from '../database/session';
import { verifyCatalog } from './verify-catalog';
import { verifyColumns } from './verify-columns';
import type { VerifyRequest } from './verify-request';
import { verifySteps } from './verify-steps';
import { copiedText } from '../rehearse/copy/copied-text';
import { isProven } from '../rehearse/rehearsal';
import type { Rehearsal } from '../rehearse/rehearsal';
import { t } from '../messages/translate';
import type { Report, ReportCheck } from './report';

/**
 * Proves on the database what the plan was to reach, without writing: rows counted, no NULL left, old and new equal
 * on every row, constraints and indexes valid, the dual write there, each step's own verification, the rehearsal.
 * Every check carries what was seen. Throws only where the database cannot be asked.
 */
export async function verifyPlan(request: VerifyRequest): Promise<Report> {
  const checks = [
    ...(await verifyColumns(request)),
    ...(await verifyCatalog(request)),
    ...(await verifySteps(request)),
    rehearsalCheck(request.rehearsal),
  ];
  return {
    planId: request.plan.id,
    takenAt: request.clock.now().toISOString(),
    database: { ...request.database, version: versionOf(request.session) },
    verdict: checks.some((check) => check.verdict === 'failed') ? 'failed' : 'passed',
    checks,
    rehearsal: request.rehearsal,
  };
}

function versionOf(session: Session): string {
  return session.facts.version;
}

function rehearsalCheck(rehearsal: Rehearsal | null): ReportCheck {
  const title = t('The way back restores the schema (up, down, up in a shadow database)');
  const base = { id: 'rehearsal', title, sql: null, milliseconds: 0 };
  if (rehearsal === null) {
    return {
      ...base,
      verdict: 'not-run',
      evidence: t('The migrations have not been rehearsed. Rehearse them.'),
    };
  }
  const unproven = rehearsal.migrations.filter(
    (migration) => !isProven(migration.verdict) && migration.verdict !== 'irreversible',
  );
  const milliseconds = rehearsal.migrations.reduce((sum, migration) => sum + migration.milliseconds, 0);
  const all = rehearsal.migrations.map((migration) => `${migration.version} ${migration.verdict}`).join(', ');
  const { engine, version } = rehearsal.shadow;
  const migrations = rehearsal.migrations.length;
  const tried =
    migrations === 1
      ? t('1 migration in {0} {1}: {2}', engine, version, all)
      : t('{0} migrations in {1} {2}: {3}', migrations, engine, version, all);
  return {
    ...base,
    milliseconds,
    verdict: unproven.length === 0 ? 'passed' : 'failed',
    evidence: rehearsal.data ? t('{0}, {1}', tried, copiedText(rehearsal.data)) : tried,
  };
}
