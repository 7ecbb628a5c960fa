import { splitFrontMatter } from '../front-matter';
import { withLineFeeds } from '../line-ends';

/**
 * What plan.md says under "Risks", as Markdown: what was found when the plan was made, and what people wrote to it since.
 * Empty where it has no such heading.
 */
export function risksOf(planText: string): string {
  const body = splitFrontMatter(planText)?.body ?? withLineFeeds(planText);
  const lines = body.split('\n');
  const heading = lines.findIndex((line) => /^## Risks[ \t]*$/.test(line));
  if (heading < 0) return '';
  const below = lines.slice(heading + 1);
  const next = below.findIndex((line) => /^#{1,6} /.test(line));
  return (
    below
      .slice(0, next < 0 ? undefined : next)
      // The marks of regions belong to the document they stand in.
      .filter((line) => !/^[ \t]*<!--/.test(line))
      .join('\n')
      .trim()
  );
}
