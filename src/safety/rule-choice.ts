import type { LintInput } from './lint';
import type { Rule } from './rule';
import { rules } from './rules/index';

/** The rules that speak where some levels and a version hold; made once for all files that share them. */
export interface RuleChoice {
  active: readonly Rule[];
  /** Those of them that may say something of a kind of statement. */
  of(kind: string): readonly Rule[];
}

/** The rules that are on and hold for a major version. */
export function chooseRules(levels: LintInput['levels'], serverMajor: number): RuleChoice {
  const active = rules.filter((rule) => isOn(rule, levels) && holdsFor(rule, serverMajor));
  const known = new Map<string, readonly Rule[]>();
  return {
    active,
    of(kind) {
      let found = known.get(kind);
      if (!found) {
        found = active.filter(({ on }) => !on || (on as readonly string[]).includes(kind));
        known.set(kind, found);
      }
      return found;
    },
  };
}

function isOn(rule: Rule, levels: LintInput['levels']): boolean {
  const level = levels[rule.id];
  return level === undefined ? !rule.optIn : level !== 'off';
}

function holdsFor(rule: Rule, major: number): boolean {
  return (rule.since === null || major >= rule.since) && (rule.until === null || major <= rule.until);
}
