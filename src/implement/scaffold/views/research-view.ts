import type { Assessment } from '../../../assess/assessment';
import { commitText, shortStatement } from '../../../assess/research/past-text';
import { researchLinks } from '../../../assess/research/research-links';
import type { ResearchSection } from '../../../documents/plan-document';

/** What others know of a change like this; null where nobody looked. */
export function researchSection({ research }: Assessment): ResearchSection | null {
  if (!research) return null;
  return {
    pitfalls: research.pitfalls,
    alternatives: research.alternatives,
    past: research.past.map((each) => ({
      path: each.path,
      line: each.line,
      statement: shortStatement(each),
      commit: commitText(each) ?? '',
    })),
    pastNote: research.pastNote,
    links: researchLinks(research),
  };
}
