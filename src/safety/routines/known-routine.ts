import type { CreateFunctionStmt, TypeName } from '@pgsql/types';
import type { Statement } from '../../sql/statement';
import { asKind, strings } from '../../sql/tree';
import { dottedKey, type KnownRoutine, type KnownSchema } from '../known-schema';

/** Remembers what CREATE FUNCTION or PROCEDURE makes: a routine with the same input types is replaced. */
export function foldRoutine(
  schema: KnownSchema,
  create: CreateFunctionStmt,
  statement: Pick<Statement, 'body'>,
): void {
  const key = dottedKey(schema, strings(create.funcname), schema.routines);
  const routine = routineOf(create, statement);
  const others = (schema.routines.get(key) ?? []).filter((each) => each.signature !== routine.signature);
  schema.routines.set(key, [...others, routine]);
}

/** Forgets a routine that is dropped; all of its name, because the statement need not say which. */
export function dropRoutine(schema: KnownSchema, name: readonly string[]): void {
  schema.routines.delete(dottedKey(schema, name, schema.routines));
}

function routineOf(create: CreateFunctionStmt, statement: Pick<Statement, 'body'>): KnownRoutine {
  const inputs = (create.parameters ?? [])
    .map((node) => asKind(node, 'FunctionParameter'))
    .filter((each) => each && each.mode !== 'FUNC_PARAM_OUT' && each.mode !== 'FUNC_PARAM_TABLE');
  const variadic = inputs.some((each) => each?.mode === 'FUNC_PARAM_VARIADIC');
  return {
    signature: inputs.map((each) => typeOf(each?.argType)).join(),
    least: inputs.filter((each) => !each?.defexpr && each?.mode !== 'FUNC_PARAM_VARIADIC').length,
    most: variadic ? Infinity : inputs.length,
    searchPath: searchPathOf(create),
    made: statement,
  };
}

/** As pg_type names it: an array of `int4` is `_int4`. */
function typeOf(type: TypeName | undefined): string {
  const names = strings(type?.names).filter((name) => name !== 'pg_catalog');
  const last = names.pop() ?? '';
  return [...names, (type?.arrayBounds?.length ?? 0) > 0 ? `_${last}` : last].join('.');
}

function searchPathOf(create: CreateFunctionStmt): string[] | null {
  for (const node of create.options ?? []) {
    const setting = asKind(asKind(node, 'DefElem')?.arg, 'VariableSetStmt');
    if (setting?.name !== 'search_path' || setting.kind !== 'VAR_SET_VALUE') continue;
    return (setting.args ?? [])
      .map((value) => asKind(value, 'A_Const')?.sval?.sval ?? '')
      .filter((name) => name !== '' && name !== 'pg_catalog' && name !== '$user');
  }
  return null;
}
