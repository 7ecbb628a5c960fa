import { rulePage } from '../safety/rule-page';
import type { Rule } from '../safety/rule';
import { rules } from '../safety/rules/index';

/** The rule with this id; null for one that does not exist, and for problems that no rule finds (`syntax-error`). */
export function findRule(id: string): Rule | null {
  return rules.find((rule) => rule.id === id) ?? null;
}

/** The page of a rule as Markdown; null where there is no such rule. */
export function pageOfRule(id: string): string | null {
  const rule = findRule(id);
  return rule && rulePage(rule);
}

/** Every rule, by id. */
export function allRules(): readonly Rule[] {
  return rules;
}
