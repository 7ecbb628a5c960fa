import type { RuleContext } from '../rule';

/**
 * Whether it is recorded that the statement's object is out of use: its file is a contract step of a plan that waits, or
 * a comment `-- switchback:deprecated since YYYY-MM-DD <reason>` with a real date stands right above the statement.
 */
export function isDeprecationRecorded({ statement, script }: RuleContext): boolean {
  const { plan } = script;
  if (plan?.kind === 'step' && plan.phase === 'contract' && plan.deprecationDays > 0) return true;
  const from = script.statements[statement.index - 1]?.end.offset ?? 0;
  return script.comments.some(
    ({ start, text }) =>
      start.offset >= from && start.offset < statement.start.offset && deprecatedSince(text) !== null,
  );
}

/** The date of a deprecation comment with a reason, as written; null for other comments and dates that do not exist. */
export function deprecatedSince(comment: string): string | null {
  const match = /^--[ \t]*switchback:deprecated[ \t]+since[ \t]+(\d{4}-\d{2}-\d{2})[ \t]+\S/.exec(comment);
  if (!match) return null;
  const date = new Date(`${match[1]}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(match[1]!) ? match[1]! : null;
}
