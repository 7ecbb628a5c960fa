import { columnOf } from '../catalog/read-table-facts';
import type { TableFacts } from '../catalog/table-facts';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import {
  formatIdentifier,
  formatQualifiedName,
  maximumIdentifierBytes,
  quoteLiteral,
} from '../sql/identifier';
import type { ChangeField, Look } from './changes/change-type';
import { readOwnType, type OwnType } from './own-type';
import { ownRoutine } from './routines-that-name';

/** Asks which enum is meant, by a column of it. */
export function enumColumnField(): ChangeField {
  return {
    id: 'column',
    asks: 'column',
    label: t('Column'),
    question: () => t('Which column has the enum?'),
  };
}

/** Throws `invalid-input` where the type of the column is no enum. */
export function refuseOtherThanEnum(column: string, table: TableFacts): void {
  const { type, typeKind } = columnOf(table, column);
  if (typeKind === 'enum') return;
  throw new SwitchbackError(
    'invalid-input',
    t(
      'The type of {0} is {1}, which is no enum. Choose a column of the enum itself.',
      formatIdentifier(column),
      type,
    ),
  );
}

/** Throws `invalid-input` for a value that is longer than an enum takes. */
export function refuseLongValue(value: string): void {
  if (Buffer.byteLength(value) <= maximumIdentifierBytes) return;
  throw new SwitchbackError(
    'invalid-input',
    t(
      'The value {0} is longer than the {1} bytes that an enum takes. Shorten it.',
      quoteLiteral(value),
      maximumIdentifierBytes,
    ),
  );
}

/** The enum of the column. Throws `not-found` where it has no such value. */
export async function readEnumWith(value: string, column: string, at: Look): Promise<OwnType> {
  const ownType = await readOwnType(at, columnOf(at.table, column));
  if (!ownType.values.includes(value)) refuseUnknownValue(value, ownType);
  return ownType;
}

/** Throws `not-found` for a value that the enum has not, with those it has. */
export function refuseUnknownValue(value: string, { name, values }: OwnType): never {
  throw new SwitchbackError(
    'not-found',
    t(
      'The enum {0} has no value {1}. Name one of these: {2}.',
      formatQualifiedName(name),
      quoteLiteral(value),
      values.map(quoteLiteral).join(', ') || t('it has none'),
    ),
  );
}

/**
 * What spells the value as text, as the server describes it: bodies of routines, and views, checks, defaults and policies
 * that compare it as text. Values of the enum itself are kept by their number, not by how they are spelled.
 */
export async function readValueTexts(
  value: string,
  { session, signal }: Pick<Look, 'session' | 'signal'>,
): Promise<string[]> {
  const { rows } = await session.query<{ described: string }>(valueTextsQuery, [value], { signal });
  return rows.map(({ described }) => described);
}

const notSystem = (namespace: string): string =>
  `${namespace} NOT IN (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname IN ('pg_catalog', 'information_schema', 'switchback'))`;

const valueTextsQuery = `
  SELECT pg_catalog.pg_describe_object(classid, objid, 0) AS described FROM (
    SELECT 'pg_catalog.pg_proc'::regclass AS classid, p.oid AS objid FROM pg_catalog.pg_proc p
     WHERE ${ownRoutine} AND position(pg_catalog.quote_literal($1::text) IN p.prosrc) > 0
    UNION ALL
    SELECT 'pg_catalog.pg_class'::regclass, c.oid FROM pg_catalog.pg_class c
     WHERE c.relkind IN ('v', 'm') AND ${notSystem('c.relnamespace')}
       AND position(pg_catalog.quote_literal($1::text) || '::text' IN pg_catalog.pg_get_viewdef(c.oid)) > 0
    UNION ALL
    SELECT 'pg_catalog.pg_constraint'::regclass, k.oid FROM pg_catalog.pg_constraint k
     WHERE k.contype = 'c' AND ${notSystem('k.connamespace')}
       AND position(pg_catalog.quote_literal($1::text) || '::text' IN pg_catalog.pg_get_constraintdef(k.oid)) > 0
    UNION ALL
    SELECT 'pg_catalog.pg_attrdef'::regclass, d.oid FROM pg_catalog.pg_attrdef d
     WHERE position(pg_catalog.quote_literal($1::text) || '::text' IN pg_catalog.pg_get_expr(d.adbin, d.adrelid)) > 0
    UNION ALL
    SELECT 'pg_catalog.pg_policy'::regclass, y.oid FROM pg_catalog.pg_policy y
     WHERE position(pg_catalog.quote_literal($1::text) || '::text' IN concat(pg_catalog.pg_get_expr(y.polqual, y.polrelid),
                    pg_catalog.pg_get_expr(y.polwithcheck, y.polrelid))) > 0
  ) AS found ORDER BY 1`;
