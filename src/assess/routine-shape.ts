import { t } from '../messages/translate';
import type { ResolvedTypes, RoutineRow } from './routine-rows';
import type { RoutineWish } from './routine-wish';

/**
 * What keeps CREATE OR REPLACE from giving a routine that definition, though it takes the same.
 * https://www.postgresql.org/docs/current/sql-createfunction.html
 */
export function obstaclesToReplacing(old: RoutineRow, wish: RoutineWish, types: ResolvedTypes): string[] {
  const differences = [
    ...(wish.isProcedure === (old.kind === 'procedure') ? [] : [t('it is a {0}', old.kind)]),
    ...resultDifferences(old, wish, types),
    ...(wish.defaults < old.defaults ? [t('{0} of its arguments can be left out', old.defaults)] : []),
    ...old.inputNames
      .filter((name, place) => name !== '' && wish.inputs[place]?.name !== name)
      .map((name) => t('it has an argument called {0}', name)),
  ];
  if (differences.length === 0) return [];
  return [
    t(
      'PostgreSQL keeps these of {0} under the same arguments: {1}. Give the new one another name in its definition: it then stands beside the old one until no code uses that.',
      old.signature,
      differences.join('; '),
    ),
  ];
}

/** What a routine gets that CREATE OR REPLACE cannot take away from it again. */
export function gainedForGood(old: RoutineRow, wish: RoutineWish): string[] {
  const named = wish.inputs.filter(({ name }, place) => name !== '' && (old.inputNames[place] ?? '') === '');
  return [
    ...named.map(({ name }) => t('the argument name {0}', name)),
    ...(wish.defaults > old.defaults ? [t('defaults of arguments')] : []),
  ];
}

function resultDifferences(old: RoutineRow, wish: RoutineWish, types: ResolvedTypes): string[] {
  if (wish.isProcedure || old.kind === 'procedure')
    return types.outputs.join() === old.outputs.join()
      ? []
      : [t('it gives {0}', old.outputs.join(', ') || 'nothing')];
  const result = types.result ?? impliedResult(types);
  const set = wish.result?.set ?? false;
  const isRow = types.outputs.length > 1 || old.outputs.length > 1;
  if (result === old.result && set === old.set && (!isRow || types.outputs.join() === old.outputs.join()))
    return [];
  const outputs = old.outputs.length > 1 ? ` (${old.outputs.join(', ')})` : '';
  return [t('it returns {0}', `${old.set ? 'SETOF ' : ''}${old.result}${outputs}`)];
}

/** Of outputs alone: the type of the only one, or a row of several. */
function impliedResult({ outputs }: ResolvedTypes): string {
  const [only, ...others] = outputs;
  if (only === undefined) return 'void';
  return others.length === 0 ? only.slice(only.lastIndexOf(' ') + 1) : 'record';
}
