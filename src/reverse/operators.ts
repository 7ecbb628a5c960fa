import { t } from '../messages/translate';
import { quoteLiteral } from '../sql/identifier';
import { readOperator, type ObjectName } from './object-name';
import { ranks, type ReverseNotes, type ReverseStep } from './reverse-step';

type Properties = Record<string, string>;

/** Makes an aggregate of what the catalog says of it. */
export function createAggregate(
  { name }: ObjectName,
  properties: Properties,
  notes: ReverseNotes,
): ReverseStep[] {
  const options = [`SFUNC = ${bare(properties['transition']!)}`, `STYPE = ${properties['state type']}`];
  const add = (word: string, value: string | undefined): void =>
    void (value !== undefined && options.push(`${word} = ${value}`));
  add('FINALFUNC', properties['final function'] && bare(properties['final function']));
  add('COMBINEFUNC', properties['combine function'] && bare(properties['combine function']));
  add(
    'INITCOND',
    properties['initial value'] === undefined ? undefined : quoteLiteral(properties['initial value']),
  );
  add('SORTOP', properties['sort operator'] && operatorReference(properties['sort operator']));
  add('PARALLEL', properties['parallel']?.toUpperCase());
  notes.note(
    t(
      'Aggregate {0} comes back with its usual functions; those for moving windows and for serialising are not kept.',
      name,
    ),
  );
  const signature = properties['arguments'] || '*';
  return [
    {
      rank: ranks.createLateRoutine,
      sql: `CREATE AGGREGATE ${name.slice(0, name.indexOf('('))}(${signature}) (${options.join(', ')})`,
    },
  ];
}

/** Makes an operator of what the catalog says of it. */
export function createOperator({ name }: ObjectName, properties: Properties): ReverseStep[] {
  const { operator, left, right } = readOperator(name);
  const options: string[] = [];
  if (left !== null) options.push(`LEFTARG = ${left}`);
  if (right !== null) options.push(`RIGHTARG = ${right}`);
  options.push(`FUNCTION = ${bare(properties['function']!)}`);
  for (const word of ['commutator', 'negator'])
    if (properties[word]) options.push(`${word.toUpperCase()} = ${operatorReference(properties[word])}`);
  for (const word of ['restrict', 'join'])
    if (properties[word]) options.push(`${word.toUpperCase()} = ${bare(properties[word])}`);
  for (const word of ['hashes', 'merges']) if (properties[word]) options.push(word.toUpperCase());
  return [{ rank: ranks.createLateRoutine, sql: `CREATE OPERATOR ${operator} (${options.join(', ')})` }];
}

/** Makes a cast; its name is `(source as target)`. */
export function createCast({ name }: ObjectName, properties: Properties): ReverseStep[] {
  const how =
    properties['method'] === 'function'
      ? `WITH FUNCTION ${properties['function']}`
      : properties['method'] === 'inout'
        ? 'WITH INOUT'
        : 'WITHOUT FUNCTION';
  const context =
    properties['context'] === 'explicit' ? '' : ` AS ${(properties['context'] ?? '').toUpperCase()}`;
  return [{ rank: ranks.createOutermost, sql: `CREATE CAST ${name} ${how}${context}` }];
}

/** `int4pl(integer,integer)` without its arguments. */
function bare(routine: string): string {
  return routine.replace(/\([^()]*\)$/, '');
}

/** `app.##(integer,integer)` as OPERATOR(app.##). */
function operatorReference(operator: string): string {
  return `OPERATOR(${bare(operator)})`;
}
