import { t } from '../messages/translate';
import type { SqlComment, Statement } from '../sql/statement';
import type { Finding } from './finding';

/** `-- switchback:ignore <rule> <reason>` on the lines above a statement. */
export interface Suppression {
  rule: string;
  reason: string;
  /** The statement it is about; null when none follows. */
  statement: number | null;
  comment: SqlComment;
  used: boolean;
}

/** The suppressions of a script: each belongs to the statement that follows it, with only comments between. */
export function suppressionsOf(
  text: string,
  comments: readonly SqlComment[],
  statements: readonly Statement[],
): Suppression[] {
  const found: Suppression[] = [];
  for (const comment of comments) {
    const match = /^--[ \t]*switchback:ignore[ \t]+([\w-]+)[ \t]*(.*)$/.exec(comment.text);
    if (!match) continue;
    const next = statements.find((statement) => statement.start.offset >= comment.end.offset);
    const between = next ? withoutComments(text, comments, comment.end.offset, next.start.offset) : 'x';
    const statement = next && between.trim() === '' ? next.index : null;
    found.push({ rule: match[1]!, reason: match[2]!.trim(), statement, comment, used: false });
  }
  return found;
}

/** Findings without those that a suppression with a reason is about; marks suppressions as used. */
export function applySuppressions(findings: readonly Finding[], suppressions: Suppression[]): Finding[] {
  return findings.filter((finding) => {
    const by = suppressions.find(
      (each) => each.rule === finding.rule && each.statement !== null && each.statement === finding.statement,
    );
    if (by) by.used = true;
    return !by || by.reason === '';
  });
}

/** Findings about the suppressions themselves: without a reason, or about nothing. */
export function suppressionFindings(suppressions: readonly Suppression[]): Finding[] {
  return suppressions.flatMap((each): Finding[] => {
    const message =
      each.reason === ''
        ? t('The suppression of {0} has no reason and does nothing. Write why after the rule.', each.rule)
        : each.used
          ? null
          : t(
              'Nothing is suppressed here: {0} finds nothing on the next statement. Remove the comment.',
              each.rule,
            );
    if (message === null) return [];
    const { start, end } = each.comment;
    return [
      {
        rule: 'unused-suppression',
        severity: 'warning',
        statement: each.statement,
        start,
        end,
        message,
        fix: null,
      },
    ];
  });
}

function withoutComments(text: string, comments: readonly SqlComment[], from: number, to: number): string {
  let rest = text.slice(from, to);
  for (const comment of comments) {
    if (comment.start.offset >= from && comment.end.offset <= to) rest = rest.replace(comment.text, '');
  }
  return rest;
}
