import { verdictSentence } from '../implement/trace-words';
import type { RepairReport, RepairRun } from '../journey/repair-migration';
import { migrationTitle } from '../layouts/migration-title';
import { t } from '../messages/translate';
import { escapeMarkdown } from './forecast/markdown';
import { traceTable } from './trace-table';

/** What a migration that broke off really did, as a page of Markdown. `database` names where it was looked at. */
export function repairPage(report: RepairReport, database: string): string {
  const title = migrationTitle(report);
  return [
    `# ${escapeMarkdown(t('What {0} left', title))}`,
    '',
    escapeMarkdown(
      report.mark === 'none'
        ? t(
            'Its history does not mark it as begun. This was read from the catalog of {0}; nothing was touched.',
            database,
          )
        : t(
            'It began and did not finish. This was read from the catalog of {0}; nothing was touched.',
            database,
          ),
    ),
    ...report.runs.flatMap(runSection),
    '',
  ].join('\n');
}

/** The words of a run that may have broken off. */
export function runTitle(run: RepairRun): string {
  return run.direction === 'up'
    ? t('Applying {0}', migrationTitle(run))
    : t('Taking back {0}', migrationTitle(run));
}

function runSection(run: RepairRun): string[] {
  return [
    '',
    `## ${escapeMarkdown(runTitle(run))}`,
    '',
    ...traceTable(run.statements, ({ cure }) => (cure === null ? null : t('removed by: {0}', cure))),
    '',
    escapeMarkdown(verdictSentence(run.verdict)),
    ...run.offers.map((offer) => `\n- **${escapeMarkdown(offer.title)}**: ${escapeMarkdown(offer.detail)}`),
  ];
}
