import type { EffectProbe } from './effect-probe';

/**
 * What is surely so once statements ran together, and was not surely so before: without what a later one does away with,
 * and without what one makes where another takes away the same. `probes` are those of each statement, in their order.
 */
export function decisiveProbes(probes: readonly (readonly EffectProbe[])[]): EffectProbe[] {
  const all = probes.flatMap((each, statement) => each.map((probe) => ({ probe, statement })));
  return all
    .filter(({ probe, statement }) => {
      const others = all.filter((other) => other.statement !== statement);
      const isOver = others.some((other) => other.statement > statement && supersedes(other.probe, probe));
      return probe.decides && !isOver && !others.some((other) => undoes(other.probe, probe));
    })
    .map(({ probe }) => probe);
}

/** Whether what an earlier statement left is not as it left it after a later one. */
function supersedes(later: EffectProbe, earlier: EffectProbe): boolean {
  if (later.wants === 'there' && earlier.wants === 'there')
    return aspect(later) === aspect(earlier) && later.holds !== earlier.holds;
  return (
    later.wants === 'gone' && earlier.wants === 'there' && later.paths.some((path) => covers(path, earlier))
  );
}

/** Whether the same thing is made and taken away, so that finding it there, or gone, tells nothing. */
function undoes(other: EffectProbe, probe: EffectProbe): boolean {
  if (other.wants === probe.wants) return false;
  return probe.wants === 'gone'
    ? other.paths.some((path) => probe.paths.includes(path))
    : other.paths.some((path) => covers(path, probe));
}

/** Whether a path is one of the probe's, or what that lies in. */
function covers(path: string, { paths }: EffectProbe): boolean {
  return paths.some((own) => own === path || own.startsWith(`${path}/`));
}

/** What is looked at: of `NOT NULL of` a column and of `NULL of` it the same. */
function aspect({ object }: EffectProbe): string {
  return object.replace(/^(no|NOT) /, '');
}
