import { t } from '../../messages/translate';
import { dateText } from '../../templates/date-text';
import { markdownCell } from '../../templates/markdown';
import { emitRegion } from '../regions';

/** What is proven of a plan, or is not yet. */
export interface EvidenceLine {
  what: string;
  /** In a word or two: `passed`, `failed`, `not yet`. */
  verdict: string;
  /** ISO 8601; null where there is none. */
  at: string | null;
  by: string | null;
  /** What it is a proof of, or why it is none any more. */
  detail: string;
}

/** The region of evidence; `live`, because rehearsals and runs bring it up to date. */
export const evidenceRegionId = 'live.evidence';

/** What is on record of a plan as a Markdown table in a region. */
export function evidenceRegion(lines: readonly EvidenceLine[]): string {
  const rows = lines.map(({ what, verdict, at, by, detail }) =>
    [what, verdict, at === null ? '' : dateText(at), by ?? '', detail].map(markdownCell).join(' | '),
  );
  const head = [t('What'), t('Verdict'), t('Date'), t('By'), t('Of what')].join(' | ');
  return emitRegion(
    evidenceRegionId,
    [`| ${head} |`, '|---|---|---|---|---|', ...rows.map((row) => `| ${row} |`)].join('\n'),
  );
}
