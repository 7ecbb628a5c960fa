import type { Finding } from './finding';
import type { Rule } from './rule';

/** Findings without those that only repeat what another rule says of the same statement. */
export function withoutRepeats(findings: readonly Finding[], rules: readonly Rule[]): Finding[] {
  const stronger = new Map(rules.flatMap(({ id, yieldsTo }) => (yieldsTo ? [[id, yieldsTo] as const] : [])));
  return findings.filter((finding) => {
    const others = stronger.get(finding.rule);
    return (
      !others || !findings.some((each) => each.statement === finding.statement && others.includes(each.rule))
    );
  });
}
