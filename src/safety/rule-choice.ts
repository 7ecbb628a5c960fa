import type { Statement } from '../sql/statement';
import { asKind } from '../sql/tree';
import type { LintInput } from './lint';
import type { Rule } from './rule';
import { rules } from './rules/index';
import { yieldingRules, type YieldingRules } from './yielding';

/** The rules that speak where some levels and a version hold; made once for all files that share them. */
export interface RuleChoice {
  active: readonly Rule[];
  yielding: YieldingRules;
  /** Those of them that may say something of a statement. */
  of(statement: Pick<Statement, 'kind' | 'node'>): readonly Rule[];
}

/** The rules that are on and hold for a major version. */
export function chooseRules(levels: LintInput['levels'], serverMajor: number): RuleChoice {
  const active = rules.filter((rule) => isOn(rule, levels) && holdsFor(rule, serverMajor));
  const known = new Map<string, readonly Rule[]>();
  return {
    active,
    yielding: yieldingRules(active),
    of(statement) {
      const subjects = subjectsOf(statement);
      const key = subjects.join();
      let found = known.get(key);
      if (!found) {
        found = active.filter(({ on }) => !on || on.some((subject) => subjects.includes(subject)));
        known.set(key, found);
      }
      return found;
    },
  };
}

/** The kind of a statement, and the kinds of the commands of an ALTER TABLE. */
export function subjectsOf({ kind, node }: Pick<Statement, 'kind' | 'node'>): string[] {
  const subjects = [kind];
  for (const each of asKind(node, 'AlterTableStmt')?.cmds ?? []) {
    const subtype = asKind(each, 'AlterTableCmd')?.subtype;
    if (subtype && !subjects.includes(subtype)) subjects.push(subtype);
  }
  return subjects;
}

function isOn(rule: Rule, levels: LintInput['levels']): boolean {
  const level = levels[rule.id];
  return level === undefined ? !rule.optIn : level !== 'off';
}

function holdsFor(rule: Rule, major: number): boolean {
  return (rule.since === null || major >= rule.since) && (rule.until === null || major <= rule.until);
}
