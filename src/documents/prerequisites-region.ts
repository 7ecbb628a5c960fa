import { t } from '../messages/translate';
import { markdownText } from '../templates/markdown';
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

/** The prerequisites as a list of ticks, each with what holds it or what is missing, as a region. */
export function prerequisitesRegion(lines: readonly PrerequisiteLine[]): string {
  const items = lines.map(({ title, held, evidence }) =>
    held
      ? `- [x] ${markdownText(title)}: ${markdownText(evidence)}`
      : `- [ ] ${markdownText(title)}. ${markdownText(t('Open: {0}', evidence))}`,
  );
  return emitRegion(prerequisitesRegionId, items.join('\n'));
}
