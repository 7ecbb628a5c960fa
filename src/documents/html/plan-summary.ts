import { t } from '../../messages/translate';
import { escapeHtml } from './escape-html';

/** Where a plan stands, as the top of its page says it. Plain texts. */
export interface PlanSummaryView {
  /** In a word. */
  state: string;
  rows: { what: string; says: string }[];
  /** Of the next step. */
  gates: { title: string; state: string; reason: string }[];
  /** Why the front matter cannot be read; null where it can. */
  problem: string | null;
}

/** The front matter as people read it: it stands in its place. */
export function planSummaryHtml({ state, rows, gates, problem }: PlanSummaryView): string {
  const line = (what: string, says: string): string =>
    `<div><dt>${escapeHtml(what)}</dt><dd>${escapeHtml(says)}</dd></div>`;
  const list = rows.map(({ what, says }) => line(what, says)).join('');
  const gateItems = gates.map(
    ({ title, state: word, reason }) =>
      `<li><strong>${escapeHtml(title)}</strong>: ${escapeHtml(word)}. <span class="quiet">${escapeHtml(reason)}</span></li>`,
  );
  return `<section class="summary" aria-label="${escapeHtml(t('Where the plan stands'))}">
${problem === null ? '' : `<p class="problem">${escapeHtml(problem)}</p>`}
<dl>${problem === null ? line(t('State'), state) : ''}${list}</dl>
${gateItems.length === 0 ? '' : `<p>${escapeHtml(t('Gates of the next step:'))}</p><ul>${gateItems.join('')}</ul>`}
</section>
`;
}
