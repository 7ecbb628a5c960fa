import type { Assessment } from '../../assess/assessment';
import { commitText, shortStatement } from '../../assess/research/past-text';
import type { ResearchView } from '../../protocol/assessment-state';

/** What others know of a change like this; null where nobody looked. */
export function researchView({ research }: Assessment): ResearchView | null {
  if (!research) return null;
  const { pages, tools, codeSearch, pitfalls, alternatives, past, pastNote } = research;
  return {
    pitfalls: pitfalls.map(({ pitfall, solution }) => ({ said: pitfall, answer: solution })),
    alternatives: alternatives.map(({ instead, why }) => ({ said: instead, answer: why })),
    past: past.map((each) => ({
      path: each.path,
      line: each.line,
      statement: shortStatement(each),
      commit: commitText(each),
    })),
    pastNote,
    pages,
    others: codeSearch === null ? tools : [...tools, codeSearch],
  };
}
