import type { Assessment, Level } from '../../../assess/assessment';
import { assessedTables } from '../../../assess/assess-together';
import { countCodeReferences } from '../../../assess/code-references';
import { levelText } from '../../../documents/migration-types';
import type { RiskView } from '../../../documents/plan-document';
import { t } from '../../../messages/translate';
import { stepsOf, type Plan } from '../../../plan/plan';
import { daysText } from '../../../templates/duration-text';

/** The assessed risks, then those that every plan of this kind has. */
export function riskViews(plan: Plan, assessment: Assessment): RiskView[] {
  const assessed = assessment.risk.reasons.map((reason) => ({
    risk: reason.sentence,
    likelihood: levelText(likelihoodOf(reason.level)),
    impact: levelText(reason.level),
    mitigation: reason.mitigation,
    evidence: reason.evidence,
  }));
  return [...assessed, ...standingRisks(plan, assessment)];
}

/** A reason was seen, so what it may lead to is a step less certain than it is grave. */
function likelihoodOf(level: Level): Level {
  switch (level) {
    case 'low':
      return 'low';
    case 'medium':
    case 'high':
      return 'medium';
    case 'very-high':
      return 'high';
  }
}

function standingRisks(plan: Plan, assessment: Assessment): RiskView[] {
  const steps = stepsOf(plan);
  const { options } = plan;
  const risks: RiskView[] = [
    {
      risk: t('A statement waits for its lock and everybody else waits behind it.'),
      likelihood: t('medium'),
      impact: t('high'),
      mitigation: t(
        'lock_timeout is {0} ms; a statement that does not get its lock gives up and is tried again later.',
        options.lockTimeoutMilliseconds,
      ),
      evidence: t(
        'Steps that take a lock that excludes others: {0}.',
        steps.filter((step) => step.forecast?.lock === 'AccessExclusiveLock').length,
      ),
    },
  ];
  if (steps.some((step) => step.kind === 'backfill')) {
    const rows = Math.round(rowsOf(assessment));
    risks.push({
      risk: t('The backfill slows the application down.'),
      likelihood: t('low'),
      impact: t('medium'),
      mitigation: t(
        'Batches follow a target of {0} ms, can be paused at once, and go on from their checkpoint.',
        options.batchMilliseconds,
      ),
      evidence:
        rows === 1
          ? t('About 1 row is to be written.')
          : t('About {0} rows are to be written.', rows.toLocaleString('en-US')),
    });
  }
  if (steps.some((step) => step.kind === 'deploy')) {
    risks.push({
      risk: t('Something nobody thought of still uses the old shape when it goes.'),
      likelihood: t('medium'),
      impact: t('high'),
      mitigation: t(
        'A deprecation window of {0}, a check in the database before contract, and an approval for it.',
        daysText(options.deprecationDays),
      ),
      evidence: t(
        'Places in the code that are known: {0}.',
        countCodeReferences(assessment.codeReferences, assessment.change).places,
      ),
    });
  }
  return risks;
}

function rowsOf(assessment: Assessment): number {
  return assessedTables(assessment).reduce((sum, { table }) => sum + Math.max(0, table.rows.count), 0);
}
