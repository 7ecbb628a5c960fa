import type { Finding } from './finding';
import type { Rule } from './rule';

/** Findings without those that only repeat what another rule says of the same statement. */
export function withoutRepeats(findings: readonly Finding[], rules: readonly Rule[]): Finding[] {
  const stronger = new Map(rules.flatMap(({ id, yieldsTo }) => (yieldsTo ? [[id, yieldsTo] as const] : [])));
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
