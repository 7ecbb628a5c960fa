import { t } from '../messages/translate';
import { markdownCell } from '../templates/markdown';
import { emitRegion } from './regions';

/** One prerequisite as documents show it. */
export interface PrerequisiteLine {
  title: string;
  held: boolean;
  /** What holds it, or what would settle it. */
  evidence: string;
}

/** The region of plan.md that shows the prerequisites; it is kept up to date as people confirm them. */
export const prerequisitesRegionId = 'live.prerequisites';

/** The prerequisites as a table, each with what holds it or what is missing, as a region. */
export function prerequisitesRegion(lines: readonly PrerequisiteLine[]): string {
  const rows = lines.map(
    ({ title, held, evidence }) =>
      `| ${markdownCell(title)} | ${held ? t('yes') : t('no')} | ${markdownCell(evidence)} |`,
  );
  const head = `| ${t('Prerequisite')} | ${t('Settled')} | ${t('By what')} |\n|---|---|---|`;
  return emitRegion(prerequisitesRegionId, [head, ...rows].join('\n'));
}
