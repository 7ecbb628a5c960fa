import type { Finding } from './finding';
import type { Rule } from './rule';

/** For each rule that yields to others, those others. */
export type YieldingRules = ReadonlyMap<string, readonly string[]>;

export function yieldingRules(rules: readonly Rule[]): YieldingRules {
  return new Map(rules.flatMap(({ id, yieldsTo }) => (yieldsTo ? [[id, yieldsTo]] : [])));
}

/** Findings without those that only repeat what another rule says of the same statement. */
export function withoutRepeats(findings: readonly Finding[], stronger: YieldingRules): Finding[] {
  if (findings.length < 2) return [...findings];
  const said = new Map<number | null, Set<string>>();
  for (const { statement, rule } of findings) {
    const ids = said.get(statement);
    if (ids) ids.add(rule);
    else said.set(statement, new Set([rule]));
  }
  return findings.filter(({ statement, rule }) => {
    const others = stronger.get(rule);
    return !others?.some((id) => said.get(statement)!.has(id));
  });
}
