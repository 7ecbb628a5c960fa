import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { formatQualifiedName, quoteIdentifier, type QualifiedName } from '../sql/identifier';
import { obstacleToSending } from '../sql/obstacle';
import type { SqlParser } from '../sql/parser';
import type { Statement } from '../sql/statement';
import { asKind, strings, type Fields } from '../sql/tree';
import { firstLine } from './raw/look-at-raw-sql';

/** A function or procedure as somebody wrote it. */
export interface RoutineWish {
  name: QualifiedName;
  isProcedure: boolean;
  /** Without comments before it and the semicolon; with no OR REPLACE. */
  statement: string;
  parsed: Statement;
  /** What a call gives it, in order. */
  inputs: RoutineParameter[];
  /** Columns or values it gives beside its result. */
  outputs: RoutineParameter[];
  /** Null where its outputs are the result. */
  result: { type: string; set: boolean } | null;
  variadic: boolean;
  /** How many of its inputs may be left out. */
  defaults: number;
}

/** A parameter; an empty name where it has none. */
export interface RoutineParameter {
  name: string;
  /** As SQL that names a type. */
  type: string;
}

const beginning = /^create\s+(?:or\s+replace\s+)?(?=function\b|procedure\b)/i;

/** Throws `invalid-input` for a text that is not one CREATE FUNCTION or PROCEDURE with its schema. */
export function readRoutineWish(definition: string, parser: SqlParser): RoutineWish {
  const script = parser.parse(definition);
  const [parsed] = script.statements;
  const problem = obstacleToSending(script);
  if (problem) refuse(t('The definition cannot be read: {0} Correct it.', problem.message));
  const create = asKind(parsed?.node, 'CreateFunctionStmt');
  if (!parsed || !create || script.statements.length !== 1 || !beginning.test(parsed.text)) {
    refuse(
      t(
        '"{0}" is not one function. Type one statement that begins with CREATE OR REPLACE FUNCTION or PROCEDURE.',
        firstLine(definition),
      ),
    );
  }
  const fault = parsed.body?.problems.find(({ kind }) => kind === 'syntax-error');
  if (fault) refuse(t('The body cannot be read: {0} Correct it.', fault.message));
  return { ...headOf(create), statement: parsed.text.replace(beginning, 'CREATE '), parsed };
}

function headOf(create: Fields<'CreateFunctionStmt'>): Omit<RoutineWish, 'statement' | 'parsed'> {
  const [schema, name, ...more] = strings(create.funcname);
  if (schema === undefined || name === undefined || more.length > 0)
    refuse(t('The definition does not say in which schema it is. Write schema.name after CREATE FUNCTION.'));
  const parameters = (create.parameters ?? []).flatMap((each) => asKind(each, 'FunctionParameter') ?? []);
  const inputs = parameters.filter(({ mode }) => mode !== 'FUNC_PARAM_OUT' && mode !== 'FUNC_PARAM_TABLE');
  const outputs = parameters.filter(({ mode }) =>
    ['FUNC_PARAM_OUT', 'FUNC_PARAM_INOUT', 'FUNC_PARAM_TABLE'].includes(mode ?? ''),
  );
  const parameter = (each: Fields<'FunctionParameter'>): RoutineParameter => ({
    name: each.name ?? '',
    type: typeSql(each.argType),
  });
  return {
    name: { schema, name },
    isProcedure: create.is_procedure === true,
    inputs: inputs.map(parameter),
    outputs: outputs.map(parameter),
    result: create.returnType
      ? { type: typeSql(create.returnType), set: create.returnType.setof === true }
      : null,
    variadic: inputs.some(({ mode }) => mode === 'FUNC_PARAM_VARIADIC'),
    defaults: inputs.filter(({ defexpr }) => defexpr).length,
  };
}

/** Lengths do not count in parameters and results. */
function typeSql(type: Fields<'FunctionParameter'>['argType']): string {
  if (type?.pct_type)
    refuse(t('A type is taken from a column (%TYPE). Write the type itself, as the server would read it.'));
  const array = (type?.arrayBounds ?? []).length > 0 ? '[]' : '';
  return strings(type?.names).map(quoteIdentifier).join('.') + array;
}

/** Whether two definitions say the same, however they are written. */
export function isSameDefinition(one: string, other: string, parser: SqlParser): boolean {
  const [left, right] = [one, other].map((text) => {
    const create = asKind(parser.parse(text).statements[0]?.node, 'CreateFunctionStmt');
    if (!create) return null;
    const options = (create.options ?? []).map(plain).sort();
    return plain({ ...create, replace: undefined, options });
  });
  return left !== null && left === right;
}

const isPlace = /^(?:stmt_)?(?:location|len)$/;

/** A tree as text, without the places where it stood. */
function plain(tree: unknown): string {
  return JSON.stringify(tree, (key, value: unknown) => (isPlace.test(key) ? undefined : value));
}

/** `schema.name(type, type)` for messages, before the server has seen it. */
export function signatureOf({ name, inputs }: RoutineWish): string {
  return `${formatQualifiedName(name)}(${inputs.map(({ type }) => type).join(', ')})`;
}

function refuse(sentence: string): never {
  throw new SwitchbackError('invalid-input', sentence);
}
