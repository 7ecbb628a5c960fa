import { quoteIdentifier, quoteLiteral } from '../../sql/identifier';
import { asKind, stringOf, strings, type Fields } from '../../sql/tree';
import type { EffectProbe } from './effect-probe';
import { routineSql } from './effect-probe-objects';

type Options = ReadonlyMap<string, unknown>;

/** By its name and arguments, and by its body and options where the catalog has them as the statement does. */
export function createdRoutine(routine: Fields<'CreateFunctionStmt'>): EffectProbe[] | null {
  const parts = strings(routine.funcname);
  const name = parts.at(-1);
  if (!name || parts.length > 2) return null;
  const inputs = inputsOf(routine);
  const options: Options = new Map(
    (routine.options ?? []).map((option) => {
      const { defname, arg } = asKind(option, 'DefElem') ?? {};
      return [defname ?? '', arg] as const;
    }),
  );
  const body = strings(asKind(options.get('as') as never, 'List')?.items);
  const source = body.length === 1 ? ` and p.prosrc = ${quoteLiteral(body[0]!)}` : '';
  const types = inputs.map(({ argType }) => typeSql(argType));
  const compares =
    source !== '' &&
    types.every((type) => type !== null) &&
    inputs.every(({ defexpr }) => !defexpr) &&
    [...options.keys()].every((option) => comparedOptions.has(option));
  const exact = compares ? `${typesSql(types)}${optionsSql(options)}` : '';
  return [
    {
      object: `function ${parts.join('.')}`,
      wants: 'there',
      holds: `exists (${routineSql(parts)} and p.pronargs = ${inputs.length}${source}${exact})`,
      // One that is replaced may have this body already, and get only another cost, default or setting.
      decides: routine.replace !== true || compares,
      paths: [name],
      searched: parts.length === 1,
    },
  ];
}

function inputsOf({ parameters }: Fields<'CreateFunctionStmt'>): Fields<'FunctionParameter'>[] {
  return (parameters ?? [])
    .map((parameter) => asKind(parameter, 'FunctionParameter'))
    .filter((parameter) => parameter !== null)
    .filter(({ mode }) => mode !== 'FUNC_PARAM_OUT' && mode !== 'FUNC_PARAM_TABLE');
}

function typesSql(types: readonly (string | null)[]): string {
  return types.map((type, place) => ` and p.proargtypes[${place}] = to_regtype(${type})`).join('');
}

function typeSql(type: Fields<'FunctionParameter'>['argType']): string | null {
  const names = strings(type?.names);
  if (!type || type.setof || type.pct_type || names.length === 0 || names.length > 2) return null;
  const array = type.arrayBounds?.length ? '[]' : '';
  return quoteLiteral(`${names.map(quoteIdentifier).join('.')}${array}`);
}

const comparedOptions = new Set([
  'as',
  'language',
  'volatility',
  'strict',
  'security',
  'leakproof',
  'parallel',
]);

/** What is not said has its default; a cost, rows or settings of its own are taken away where none are given. */
function optionsSql(options: Options): string {
  const word = (name: string, otherwise: string): string =>
    options.has(name) ? stringOf(options.get(name) as never) : otherwise;
  const isOn = (name: string): boolean => asKind(options.get(name) as never, 'Boolean')?.boolval === true;
  return ` and p.provolatile = ${quoteLiteral(word('volatility', 'volatile')[0]!)}
  and p.proparallel = ${quoteLiteral(word('parallel', 'unsafe')[0]!.toLowerCase())}
  and p.proisstrict = ${isOn('strict')} and p.prosecdef = ${isOn('security')}
  and p.proleakproof = ${isOn('leakproof')} and p.proconfig is null and p.procost in (1, 100)
  and p.prorows in (0, 1000) and p.prosupport = 0
  and p.prolang = (select l.oid from pg_language l where l.lanname = ${quoteLiteral(word('language', 'sql'))})`;
}
