import { t } from '../messages/translate';
import { daysText } from '../templates/duration-text';
import type { ChecklistFeatures, ChecklistLine } from './checklist-document';
import { line } from './checklist-line';

/** What proves that the migration reached its end. */
export function linesVerification(features: ChecklistFeatures): ChecklistLine[] {
  const { withPlan } = features;
  return [
    line(
      'data-moved',
      t('All data is in its new place; nothing is left to do.'),
      withPlan ? t('report.md, or the counts of verify.sql') : t('counts, old against new'),
    ),
    line(
      'data-equal',
      t('Nothing was lost or corrupted: counts agree and no row differs.'),
      withPlan ? t('report.md, or the differences of verify.sql') : t('a query that lists rows that differ'),
    ),
    line(
      'invariants',
      t('Constraints are validated, indexes valid, required columns NOT NULL.'),
      withPlan ? t('report.md, or the invariants of verify.sql') : t('the catalog of the database'),
    ),
    line(
      'verify-sql',
      t('Every query of the verification gives the result written beside it.'),
      withPlan ? t('report.md') : t('the log of the queries'),
    ),
    line(
      'smoke-tests',
      t('Smoke tests of the application pass, and every feature that uses the changed data works.'),
      t('the test run, with its date and version'),
    ),
    line(
      'consumers',
      t('Every consumer uses the new version; nothing uses the old one.'),
      features.withPlan
        ? t('the version each instance reports, and the check before contract')
        : t('the version each instance reports, and the log of uses of the old shape'),
    ),
    line(
      'acceptance',
      t('Users have accepted it, where that was agreed.'),
      t('their word, with name and date; strike out where nobody asked'),
    ),
  ];
}

/** What the days after the last stage are for. */
export function linesAfter(): ChecklistLine[] {
  return [
    line('watched', t('Watched for 48 hours after the last stage.'), t('the dashboard, over both days')),
    line(
      'new-monitoring',
      t('The new version has its own dashboard and alerts; they will stay when the old ones go.'),
      t('the dashboard'),
    ),
    line(
      'outcome-told',
      t('Everybody told of the plan has been told of its outcome.'),
      t('the message, with its date'),
    ),
    line(
      'changes-noted',
      t('What was changed, and what differed from the plan, is written down.'),
      t('the report, with its date'),
    ),
  ];
}

/** What goes once nothing old is used. */
export function linesCleanUp(features: ChecklistFeatures): ChecklistLine[] {
  const { removesOld } = features;
  return [
    ...(removesOld
      ? [
          line(
            'soak',
            t('The deprecation window of {0} is over.', daysText(features.deprecationDays)),
            t('the date the release was everywhere, plus the window'),
          ),
          line(
            'old-unused',
            t('The old shape is ready to go: no use of it was seen during the window.'),
            t('the check in the database, the logs, and a search of the code'),
          ),
          line(
            'last-backup',
            t('What is about to be dropped has been backed up once more.'),
            t('name and time of the backup'),
          ),
          line(
            'old-dropped',
            t('Old columns and tables are dropped.'),
            features.withPlan
              ? t('the catalog, or state "done" in plan.md')
              : t('the catalog of the database'),
          ),
        ]
      : []),
    ...(features.interface
      ? [
          line(
            'old-endpoints',
            t('Old endpoints are removed and answer with "gone".'),
            t('a request to each'),
          ),
          line(
            'api-docs',
            t('The interface documentation no longer shows what is gone.'),
            t('the published pages'),
          ),
        ]
      : []),
    line(
      'compatibility-code',
      t('Code that served both versions is removed: dual writes, adapters, switches.'),
      t('a search for the old name finds nothing'),
    ),
    ...(features.flag ? [line('flag-gone', t('The feature flag is removed.'), t('the list of flags'))] : []),
    line(
      'schema-docs',
      t('Schema documentation and architecture diagrams show the new shape.'),
      t('the commit'),
    ),
    line('runbooks', t('Runbooks and playbooks no longer mention the old shape.'), t('the commit')),
    line('changelog', t('CHANGELOG.md names the change.'), t('the commit')),
    line(
      'archived',
      features.withScripts ? t('Plan, scripts and logs are archived.') : t('Plan and logs are archived.'),
      features.withPlan && features.withScripts ? t('scripts/cleanup.sh, or the archive') : t('the archive'),
    ),
    line(
      'backup-end',
      t('Backups taken for the plan have a date on which they are deleted.'),
      t('the backup catalogue'),
    ),
  ];
}

/** What makes the migration complete beside all else. */
export function linesSuccess(features: ChecklistFeatures): ChecklistLine[] {
  return [
    line(
      'everybody',
      t('All users and all data are on the new version: 100 %.'),
      t('the last stage of the rollout'),
    ),
    line(
      'performance',
      t('Performance at full load is what it was, or what was asked for.'),
      t('a load test, or the busiest hour since, against a normal day'),
    ),
    line('sign-off', t('The stakeholders have signed it off.'), t('name and date of each')),
    line(
      'retrospective',
      t('The team has looked back, and has written down what it learned.'),
      features.withPlan ? t('retrospective.md') : t('the minutes'),
    ),
  ];
}
