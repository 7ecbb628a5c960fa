import type { ColumnDef, Constraint } from '@pgsql/types';
import { t } from '../../messages/translate';
import { asKind, strings } from '../../sql/tree';
import { columnType, isConstrainedDomain, isSerial } from '../column-type';
import { dottedKey } from '../known-schema';
import { expressionVolatility } from '../volatility';
import { addTableConstraint } from './add-constraint';
import type { Effects } from './effects';
import { useSequences } from './reads';

/**
 * ADD COLUMN rewrites when rows need different or checked values, else PostgreSQL stores one missing value:
 * https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES (ATExecAddColumn).
 */
export function addColumn(key: string, definition: ColumnDef, ifNotExists: boolean, effects: Effects): void {
  const { schema } = effects.context;
  const exists = schema.relations.get(key)?.columns.some((column) => column.name === definition.colname);
  if (ifNotExists && exists) return;
  const constraints = (definition.constraints ?? [])
    .map((node) => asKind(node, 'Constraint'))
    .filter((each) => each !== null);
  const has = (kind: Constraint['contype']): Constraint | undefined =>
    constraints.find((each) => each.contype === kind);
  const generated = has('CONSTR_GENERATED');
  const isVirtual = generated?.generated_kind === 'v';
  const filled =
    isSerial(definition.typeName) ||
    has('CONSTR_IDENTITY') !== undefined ||
    (generated !== undefined && !isVirtual);
  const expression = has('CONSTR_DEFAULT')?.raw_expr;
  const value = expression && isNull(expression) ? undefined : expression;

  useSequences(value, effects);
  if (filled || isVolatile(value, effects) || isCheckedDomain(definition, effects))
    effects.work('rewrite', key);
  // A row gets its value while it is rewritten; a stored missing value cannot be NULL.
  const empty = !filled && !value;
  if (empty && (has('CONSTR_NOTNULL') || has('CONSTR_PRIMARY'))) {
    effects.work('scan', key);
    if (!isVirtual && !effects.isFresh(key)) {
      effects.breaksOldCode();
      effects.note(
        t('It fails when the table has rows: they would have no value for {0}.', definition.colname ?? ''),
      );
    }
  }
  for (const constraint of constraints) {
    if (constraint.contype === 'CONSTR_NOTNULL') continue;
    // All rows are NULL, which no foreign key looks at.
    const skips = constraint.contype === 'CONSTR_FOREIGN' && empty;
    addTableConstraint(
      key,
      skips ? { ...constraint, skip_validation: true } : constraint,
      definition.colname ?? '',
      effects,
    );
  }
}

function isVolatile(value: object | undefined, effects: Effects): boolean {
  const { volatility, unknown } = expressionVolatility(effects.context.schema, value);
  if (unknown.length > 0 && !effects.context.schema.functions.has(unknown[0]!)) {
    effects.note(
      t(
        'It is not known whether {0} is volatile; CREATE FUNCTION makes it so by default.',
        unknown.join(', '),
      ),
    );
  }
  return volatility === 'volatile';
}

/** A domain with a CHECK is checked for every row, even without a default (up to 18). */
function isCheckedDomain(definition: ColumnDef, effects: Effects): boolean {
  const { schema } = effects.context;
  const parts = strings(definition.typeName?.names);
  const own = parts[0] !== 'pg_catalog' && parts.length > 0 && !wellKnownTypes.has(parts.at(-1)!);
  if (own && !schema.types.has(dottedKey(schema, parts, schema.types))) {
    effects.note(t('If {0} is a domain with a constraint, the table is rewritten.', parts.join('.')));
    return hasNumberAsDefault(definition);
  }
  return isConstrainedDomain(schema, columnType(schema, definition.typeName));
}

/** Of the types that people make, only domains take a number or a boolean, and most domains have a CHECK. */
function hasNumberAsDefault(definition: ColumnDef): boolean {
  if ((definition.typeName?.arrayBounds ?? []).length > 0) return false;
  return (definition.constraints ?? []).some((node) => {
    const value = asKind(asKind(node, 'Constraint')?.raw_expr, 'A_Const');
    return value !== null && !value.isnull && (value.ival ?? value.fval ?? value.boolval) !== undefined;
  });
}

function isNull(expression: object): boolean {
  const cast = asKind(expression, 'TypeCast');
  return asKind(cast?.arg ?? expression, 'A_Const')?.isnull === true;
}

/** PostgreSQL's types that are written without pg_catalog. */
const wellKnownTypes = new Set(
  `text uuid json jsonb date bytea inet cidr macaddr money name oid int2 int4 int8 float4 float8 bool numeric timestamp
  timestamptz timetz varchar bpchar citext hstore serial bigserial smallserial serial4 serial8 serial2 xml point box
  tsvector tsquery int4range int8range numrange daterange tsrange tstzrange ltree regclass geometry geography vector`.split(
    /\s+/,
  ),
);
