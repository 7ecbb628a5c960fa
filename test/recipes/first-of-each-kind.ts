import { plainNames, type NamedCase } from './recipe-case';

/** One case of each kind of change: that with options of the command line, which is the usual one. */
export function firstOfEachKind(cases: readonly NamedCase[]): NamedCase[] {
  const kinds = new Map<string, { play: NamedCase; usual: boolean }>();
  for (const play of cases) {
    const { change, commandLine } = play.build(plainNames);
    const usual = commandLine !== undefined;
    const chosen = kinds.get(change.kind);
    if (!chosen || (usual && !chosen.usual)) kinds.set(change.kind, { play, usual });
  }
  return [...kinds.values()].map(({ play }) => play);
}
