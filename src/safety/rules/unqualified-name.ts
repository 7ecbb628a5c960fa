import type { RangeVar } from '@pgsql/types';
import { t } from '../../messages/translate';
import { nameParts } from '../known-schema-drop';
import type { Statement } from '../../sql/statement';
import { asKind, strings } from '../../sql/tree';
import { settingChange } from '../reading/time-setting';
import type { Rule } from '../rule';

export const unqualifiedName: Rule = {
  id: 'unqualified-name',
  title: 'A name without its schema',
  severity: 'info',
  since: null,
  until: null,
  optIn: true,
  why: 'Which object a bare name means depends on the search_path of whoever runs the script. With the schema written out it is the same one for every role and tool.',
  url: 'https://www.postgresql.org/docs/current/ddl-schemas.html#DDL-SCHEMAS-PATH',
  bad: { before: '', sql: 'create table orders (id int);' },
  good: { before: '', sql: 'create table public.orders (id int);' },
  check({ statement, script }) {
    const name = bareName(statement);
    if (name === null) return [];
    const pathIsSet = script.statements
      .slice(0, statement.index)
      .some((each) => settingChange(each)?.name === 'search_path');
    if (pathIsSet) return [];
    const message = t('Which {0} this is depends on the search_path. Write its schema before it.', name);
    return [{ message, fix: null }];
  },
};

/** What a statement makes, changes or drops, where it is named without a schema. */
function bareName(statement: Statement): string | null {
  const fields = statement.node[statement.kind] as Record<string, unknown>;
  const drop = asKind(statement.node, 'DropStmt');
  if (drop) return bareDrop(drop);
  const named =
    fields['relation'] ?? fields['view'] ?? fields['sequence'] ?? (fields['into'] as { rel?: unknown })?.rel;
  const range = named as RangeVar | undefined;
  if (range?.relname !== undefined)
    return range.schemaname === undefined && range.relpersistence !== 't' ? range.relname : null;
  const makes =
    asKind(statement.node, 'CreateEnumStmt')?.typeName ??
    asKind(statement.node, 'CreateFunctionStmt')?.funcname;
  const parts = strings(makes);
  return parts.length === 1 ? parts[0]! : null;
}

function bareDrop(drop: Parameters<typeof isSchemaObject>[0]): string | null {
  if (!isSchemaObject(drop)) return null;
  const bare = (drop.objects ?? []).map(nameParts).find((parts) => parts.length === 1);
  return bare?.[0] ?? null;
}

function isSchemaObject(drop: { removeType?: string; objects?: Parameters<typeof nameParts>[0][] }): boolean {
  return /^OBJECT_(TABLE|VIEW|MATVIEW|SEQUENCE|INDEX|TYPE|DOMAIN|FUNCTION|PROCEDURE)$/.test(
    drop.removeType ?? '',
  );
}
