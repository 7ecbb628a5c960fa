import { t } from '../messages/translate';
import type { SqlComment, Statement } from '../sql/statement';
import type { Finding } from './finding';

/**
 * `-- switchback:ignore <rule>[, <rule>...] <reason>` on the lines above a statement, or
 * `-- switchback:ignore-file <rule>[, <rule>...] <reason>` above all statements. One for each rule named.
 */
export interface Suppression {
  rule: string;
  reason: string;
  /** The statement it is about, `file` for all of the file; null when nothing follows, or it stands in the wrong place. */
  about: number | 'file' | null;
  comment: SqlComment;
  used: boolean;
}

const pattern =
  /^--[ \t]*switchback:(ignore|ignore-file)(?:[ \t]+([\w-]+(?:[ \t]*,[ \t]*[\w-]+)*))?[ \t,]*(?:[ \t](.*))?$/;

/** The suppressions of a script. A statement's are followed by it, with only comments between. */
export function suppressionsOf(
  text: string,
  comments: readonly SqlComment[],
  statements: readonly Statement[],
): Suppression[] {
  if (!comments.some((comment) => pattern.test(comment.text.trimEnd()))) return [];
  const next = statementsAfter(text, comments, statements);
  return comments.flatMap((comment, index) => {
    const match = pattern.exec(comment.text.trimEnd());
    if (!match) return [];
    const about = match[1] === 'ignore' ? next[index]! : wholeFile(statements, comment);
    const rules = (match[2] ?? '').split(/[ \t]*,[ \t]*/);
    const reason = match[3]?.trim() ?? '';
    return rules.map((rule) => ({ rule, reason, about, comment, used: false }));
  });
}

/** Per comment, the statement that follows it with only comments between; null where something else does. */
function statementsAfter(
  text: string,
  comments: readonly SqlComment[],
  statements: readonly Statement[],
): (number | null)[] {
  const after: (number | null)[] = [];
  let following = statements.length;
  for (let index = comments.length - 1; index >= 0; index--) {
    const { end } = comments[index]!;
    while (following > 0 && statements[following - 1]!.start.offset >= end.offset) following -= 1;
    const statement = statements[following];
    const comment = comments[index + 1];
    const isStatement = statement && (!comment || statement.start.offset <= comment.start.offset);
    const until = isStatement ? statement.start.offset : (comment?.start.offset ?? text.length);
    const adjoins = text.slice(end.offset, until).trim() === '';
    after[index] = !adjoins ? null : isStatement ? statement.index : (after[index + 1] ?? null);
  }
  return after;
}

function wholeFile(statements: readonly Statement[], comment: SqlComment): 'file' | null {
  const first = statements[0];
  return !first || comment.end.offset <= first.start.offset ? 'file' : null;
}

/** Findings without those that a suppression with a reason is about; marks suppressions as used. */
export function applySuppressions(findings: readonly Finding[], suppressions: Suppression[]): Finding[] {
  return findings.filter((finding) => {
    const by = suppressions.filter(
      ({ rule, about }) =>
        rule === finding.rule && about !== null && (about === 'file' || about === finding.statement),
    );
    for (const each of by) each.used = true;
    return !by.some((each) => each.reason !== '');
  });
}

/** What is known of the rules that suppressions name. */
export interface RuleNames {
  known: ReadonlySet<string>;
  /** The known one that a wrong name looks like; null where none does. */
  nearest(wrong: string): string | null;
  /** Rules that the configuration or the server's version silences: suppressing them is not idle. */
  silent: ReadonlySet<string>;
}

/** Findings about the suppressions themselves: of no known rule, without a reason, in the wrong place, about nothing. */
export function suppressionFindings(
  suppressions: readonly Suppression[],
  ruleNames: () => RuleNames,
): Finding[] {
  // Most files suppress nothing.
  if (suppressions.length === 0) return [];
  const names = ruleNames();
  return suppressions.flatMap((each): Finding[] => {
    const message = problemOf(each, names);
    if (message === null) return [];
    const { start, end } = each.comment;
    const statement = typeof each.about === 'number' ? each.about : null;
    return [{ rule: 'unused-suppression', severity: 'warning', statement, start, end, message, fix: null }];
  });
}

function problemOf({ rule, reason, about, used }: Suppression, names: RuleNames): string | null {
  if (rule === '') {
    return t(
      'This suppression names no rule and does nothing. Write the rule and why: "-- switchback:ignore drop-table not used since 4.2".',
    );
  }
  if (!names.known.has(rule)) {
    const nearest = names.nearest(rule);
    return nearest === null
      ? t(
          'There is no rule {0}, so that nothing is suppressed here. Write the id that the finding has.',
          rule,
        )
      : t('There is no rule {0}, so that nothing is suppressed here. Did you mean {1}?', rule, nearest);
  }
  if (reason === '')
    return t('The suppression of {0} has no reason and does nothing. Write why after the rule.', rule);
  if (used || names.silent.has(rule)) return null;
  if (about === 'file')
    return t('Nothing is suppressed here: {0} finds nothing in this file. Remove the comment.', rule);
  return t('Nothing is suppressed here: {0} finds nothing on the next statement. Remove the comment.', rule);
}
