import { listUses, type OwnType, type TypeUse } from '../../assess/own-type';
import { formatQualifiedName, quoteLiteral } from '../../sql/identifier';

/** SQL that is true where the enum has the value. */
export function labelExists({ name }: Pick<OwnType, 'name'>, value: string): string {
  return (
    `EXISTS (SELECT FROM pg_catalog.pg_enum WHERE enumtypid = pg_catalog.to_regtype(${quoteLiteral(formatQualifiedName(name))}) ` +
    `AND enumlabel = ${quoteLiteral(value)})`
  );
}

/** SQL of a value by its place in the order, however it is called. */
export function valueByPlace({ name, values }: Pick<OwnType, 'name' | 'values'>, value: string): string {
  return `(enum_range(NULL::${formatQualifiedName(name)}))[${values.indexOf(value) + 1}]`;
}

/** A sentence about the columns of which something is true; none where it is of none. */
export function aboutUses(
  uses: readonly TypeUse[],
  is: (use: TypeUse) => boolean,
  say: (columns: string) => string,
): string[] {
  const meant = uses.filter(is);
  return meant.length === 0 ? [] : [say(listUses(meant))];
}
