import type { ColumnDef, TypeName } from '@pgsql/types';
import { dottedKey, type KnownColumnType, type KnownSchema } from './known-schema';
import { asKind, strings } from '../sql/tree';

const serialTypes: Record<string, string> = {
  serial: 'int4',
  serial4: 'int4',
  bigserial: 'int8',
  serial8: 'int8',
  smallserial: 'int2',
  serial2: 'int2',
};

/** Whether a column type is one of the serial notations, whose default is a sequence. */
export function isSerial(type: TypeName | undefined): boolean {
  return strings(type?.names).length === 1 && strings(type?.names)[0]! in serialTypes;
}

/** A column's type as the forecast compares it. */
export function columnType(schema: KnownSchema, type: TypeName | undefined): KnownColumnType {
  const parts = strings(type?.names);
  const plain = parts.at(-1) ?? '';
  const own = parts.length > 1 && parts[0] !== 'pg_catalog';
  const key = dottedKey(schema, parts, schema.types);
  const name = own || (parts.length === 1 && schema.types.has(key)) ? key : (serialTypes[plain] ?? plain);
  return { name, modifiers: modifiersOf(type), array: (type?.arrayBounds?.length ?? 0) > 0 };
}

function modifiersOf(type: TypeName | undefined): number[] {
  return (type?.typmods ?? []).map((node) => {
    const value = asKind(node, 'A_Const')?.ival;
    // The parser leaves zeros out.
    return value ? (value.ival ?? 0) : Number.NaN;
  });
}

/** The base type of a domain, through domains of domains; the type itself otherwise. */
export function baseType(schema: KnownSchema, type: KnownColumnType): KnownColumnType {
  let current = type;
  for (let depth = 0; depth < 20; depth++) {
    const known = schema.types.get(current.name);
    if (known?.kind !== 'domain' || !known.base) return current;
    current = known.base;
  }
  return current;
}

/** Whether a type is a domain with a CHECK or NOT NULL, itself or through its base. */
export function isConstrainedDomain(schema: KnownSchema, type: KnownColumnType): boolean {
  const known = schema.types.get(type.name);
  // An array of a domain is checked value by value as it is made.
  if (known?.kind !== 'domain' || type.array) return false;
  return known.constrained || (known.base !== null && isConstrainedDomain(schema, known.base));
}

/** The collation a column definition names, without its schema; null for the type's own. */
export function collationName(definition: ColumnDef): string | null {
  return strings(definition.collClause?.collname).at(-1) ?? null;
}
