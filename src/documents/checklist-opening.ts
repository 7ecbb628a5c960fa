import { t } from '../messages/translate';
import type { ChecklistFeatures, ChecklistLine } from './checklist-document';
import { line } from './checklist-line';
import { signalRows } from './thresholds';
import { itemWord } from './ticks';

/** The item of one role's approval. */
export function approvalItemId(role: string): string {
  return `approval.${itemWord(role)}`;
}

/** What has to hold before the first step. */
export function linesBefore(features: ChecklistFeatures): ChecklistLine[] {
  const { withPlan } = features;
  return [
    line(
      'scope',
      t('What changes is written down: systems, users, data volume, expected downtime.'),
      withPlan ? t('plan.md, Scope') : t('the plan document, Scope'),
    ),
    line(
      'impact',
      t('What depends on the change has been looked at: database objects, code, jobs, reports.'),
      withPlan ? t('plan.md, Scope, from the assessment') : t('the list, with the date it was made'),
    ),
    line(
      'told',
      t('Everybody affected has been told of the plan and of the window it runs in.'),
      t('the message, with its date and who got it'),
    ),
    line(
      'time',
      t('There is time enough; no other deadline falls into the window.'),
      t('the timeline of the plan, against the calendar of the team'),
    ),
    ...features.roles.map((role) =>
      line(
        approvalItemId(role),
        t('Approved: {0}.', role),
        withPlan ? t('plan.md, Approvals: name and date') : t('the plan document, Approvals: name and date'),
      ),
    ),
    line(
      'both-ways',
      t('Every step has its way forward and its way back, or says why there is none.'),
      withPlan ? t('plan.md, Phases') : t('the scripts or migration files, up and down'),
    ),
    line(
      'rollback-plan',
      t('The rollback is documented and has been read by those on call; who decides is known.'),
      withPlan ? t('rollback.md, and the rota') : t('the rollback runbook, and the rota'),
    ),
    line(
      'rehearsal',
      t('The rollback has been tried: forward, back, forward again, and the schema is the same.'),
      withPlan ? t('report.md, Rehearsal of the rollback') : t('the log of the trial, with its date'),
    ),
    line(
      'staging',
      t('All of it has run on staging, on a copy of production data or data like it.'),
      withPlan ? t('report.md of the run on staging') : t('the log of the run on staging'),
    ),
    line(
      'scripts',
      features.withScripts
        ? t('The scripts have been run with --dry-run, and twice in a row: the second run changes nothing.')
        : t('Every step has had its dry run.'),
      features.withScripts ? t('their logs') : t('what the dry runs said'),
    ),
    line(
      'proofs',
      t('What proves each step is written down before the step is run.'),
      withPlan ? t('verify.sql') : t('the list of queries with the result each must give'),
    ),
    line(
      'backup',
      t('A full backup has been taken, and restored once to see that it can be.'),
      t('name and time of the backup, and time of the restore'),
    ),
    line(
      'alerts',
      t(
        'Alerts for error rate, latency, replica lag and disk are on, and their values on a normal day noted.',
      ),
      t('the dashboard, and the numbers with their date'),
    ),
    line(
      'quiet-hours',
      t('The start lies in a quiet hour.'),
      withPlan
        ? t('the load of the last two weeks, by hour, or "Quiet hours" in plan.md, Scope')
        : t('the load of the last two weeks, by hour'),
    ),
    ...(features.flag
      ? [
          line(
            'flag-off',
            t('The feature flag exists, is off, and can be switched without a release.'),
            t('the flag’s page'),
          ),
        ]
      : []),
    ...(features.removesOld
      ? [
          line(
            'announced',
            t('The end of the old shape has been announced, with its date and what to use instead.'),
            features.interface ? t('the upgrade guide, and who got it') : t('the message, with its date'),
          ),
        ]
      : []),
  ];
}

/** What to keep to while the steps run. */
export function linesDuring(features: ChecklistFeatures): ChecklistLine[] {
  const { withPlan } = features;
  return [
    ...(features.backfill
      ? [
          line(
            'batches',
            t('Rows are rewritten in batches, with a pause in between and a checkpoint after each.'),
            t('the log: rows and time of each batch'),
          ),
        ]
      : []),
    line(
      'compatible',
      t('The previous and the new release both work, from the first step until the old shape goes.'),
      t('the tests of both releases, run against the schema of each phase'),
    ),
    line(
      'canary',
      t('The canary (5 %) was a fair sample with the special cases in it, and was watched for 24 hours.'),
      t('the dashboard, canary against everybody else'),
    ),
    line(
      'stages',
      t('25 %, 50 % and 75 % were each watched for a day before the next began.'),
      t('the dates of the stages'),
    ),
    line(
      'data-between',
      t('The data was checked after each phase, not only at the end.'),
      withPlan
        ? t('the queries of verify.sql, with their dates')
        : t('the verification queries, with their dates'),
    ),
  ];
}

/** What to look at during each step and stage. */
export function linesMonitoring({ thresholds, withPlan }: ChecklistFeatures): ChecklistLine[] {
  const words = new Map(signalRows(thresholds, null).map((row) => [row.id, row.goOn]));
  return [
    line(
      'error-rate',
      t('Error rate is in its range: {0}.', words.get('errorRatePercent')!),
      t('the dashboard'),
    ),
    line(
      'latency',
      t('Latency (99th percentile) is unchanged or better: {0}.', words.get('latencyIncreasePercent')!),
      t('the dashboard, against the same hour of a normal day'),
    ),
    line(
      'no-data-errors',
      t('No row differs, and no value is wrong where the application reads it.'),
      withPlan ? t('verify.sql, Differences') : t('the verification queries'),
    ),
    line('no-complaints', t('No user has complained since the step.'), t('the inbox of support')),
    line(
      'resources',
      t('CPU, memory, connections, disk and replica lag are within their limits.'),
      t('the dashboard of the database'),
    ),
    line('logs', t('There is no spike of errors in the logs.'), t('the logs of application and database')),
    line('alerts-clear', t('No alert is open.'), t('the list of alerts')),
  ];
}
