import { t } from '../messages/translate';
import type { RoutineRow } from './routine-rows';
import { signatureOf, type RoutineWish } from './routine-wish';

/**
 * Where calls with as many arguments fit two functions of a name, which one they get depends on their types, and some fail as
 * not unique: https://www.postgresql.org/docs/current/typeconv-func.html
 */
export function overloadBlockers(wish: RoutineWish, beside: readonly RoutineRow[]): string[] {
  const fits = argumentCounts(wish.inputs.length, wish);
  return beside
    .filter((other) => {
      const theirs = argumentCounts(other.inputs.length, other);
      return fits.least <= theirs.most && theirs.least <= fits.most;
    })
    .map(({ signature }) =>
      t(
        '{0} and {1} can be called with equally many arguments: calls of the old code would be decided by types, or fail as not unique. Give the new one another name in its definition.',
        signatureOf(wish),
        signature,
      ),
    );
}

interface Counts {
  least: number;
  most: number;
}

function argumentCounts(inputs: number, routine: { defaults: number; variadic: boolean }): Counts {
  const { defaults, variadic } = routine;
  return { least: inputs - defaults - (variadic ? 1 : 0), most: variadic ? Infinity : inputs };
}
