import { t } from '../../messages/translate';
import type { QualifiedName } from '../../sql/identifier';
import { formatIdentifier, formatQualifiedName, quoteIdentifier, quoteLiteral } from '../../sql/identifier';
import type { Check } from '../plan';
import { imageDiffers } from '../../sql/image-differs';
import { regclass } from './sql-text';
import type { ColumnRenaming } from './rename-in-definition';
import { noneCounted } from './counted-detail';

/** Old and new column are equal on every row, for every type. */
export function equalCheck(table: QualifiedName, renaming: ColumnRenaming): Check {
  const from = quoteIdentifier(renaming.from);
  const to = quoteIdentifier(renaming.to);
  return {
    id: 'columns-equal',
    title: t(
      '{0} and {1} are equal on every row',
      formatIdentifier(renaming.from),
      formatIdentifier(renaming.to),
    ),
    sql:
      `SELECT ${noneCounted(t('rows that differ'))}\n` +
      `  FROM ${formatQualifiedName(table)}\n WHERE ${imageDiffers(to, from)}`,
  };
}

/** No row lacks a value. */
export function noNullsCheck(table: QualifiedName, column: string): Check {
  return {
    id: 'no-nulls',
    title: t('{0} has a value in every row', formatIdentifier(column)),
    sql:
      `SELECT ${noneCounted(t('rows without a value'))}\n` +
      `  FROM ${formatQualifiedName(table)}\n WHERE ${quoteIdentifier(column)} IS NOT DISTINCT FROM NULL`,
  };
}

/**
 * Nothing in the database depends on the old column any more, apart from what contract itself removes
 * (indexes, its own constraints and defaults, foreign keys, publication lists, the table's triggers).
 */
export function unusedCheck(table: QualifiedName, column: string): Check {
  return {
    id: 'old-name-unused',
    title: t('No view, rule, policy or routine depends on {0}', formatIdentifier(column)),
    sql:
      `SELECT count(*) = 0 AS holds,\n` +
      `       coalesce(string_agg(DISTINCT pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid), '; '), ` +
      `${quoteLiteral(t('nothing depends on it'))}) AS detail\n` +
      `  FROM pg_catalog.pg_depend d\n` +
      `  JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid\n` +
      ` WHERE d.refclassid = 'pg_catalog.pg_class'::regclass\n` +
      `   AND d.refobjid = ${regclass(table)}\n   AND a.attname = ${quoteLiteral(column)}\n   AND d.deptype = 'n'\n` +
      `   AND d.classid IN ('pg_catalog.pg_rewrite'::regclass, 'pg_catalog.pg_policy'::regclass, ` +
      `'pg_catalog.pg_proc'::regclass)`,
  };
}

/** No routine's text mentions both table and column, apart from those that were read and decided. */
export function routinesCheck(table: QualifiedName, column: string, except: readonly QualifiedName[]): Check {
  const word = (name: string): string =>
    quoteLiteral(`(^|[^[:alnum:]_])${escapeRegex(name)}([^[:alnum:]_]|$)`);
  const names = except.map((each) => `(${quoteLiteral(each.schema)}, ${quoteLiteral(each.name)})`);
  const exclusion = except.length === 0 ? '' : `\n   AND (n.nspname, p.proname) NOT IN (${names.join(', ')})`;
  return {
    id: 'old-name-in-routines',
    title: t(
      'No function or procedure mentions {0} and {1}',
      formatQualifiedName(table),
      formatIdentifier(column),
    ),
    sql:
      `SELECT count(*) = 0 AS holds,\n` +
      `       coalesce(string_agg(p.oid::pg_catalog.regprocedure::text, '; '), ${quoteLiteral(t('none does'))}) AS detail\n` +
      `  FROM pg_catalog.pg_proc p\n  JOIN pg_catalog.pg_language l ON l.oid = p.prolang\n` +
      `  JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace\n` +
      ` WHERE l.lanname IN ('sql', 'plpgsql')\n` +
      `   AND n.nspname NOT IN ('pg_catalog', 'information_schema')\n` +
      `   AND p.prosrc ~* ${word(table.name)}\n   AND p.prosrc ~* ${word(column)}${exclusion}`,
  };
}

function escapeRegex(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
