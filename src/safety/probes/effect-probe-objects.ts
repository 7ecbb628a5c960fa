import { quoteLiteral } from '../../sql/identifier';
import {
  namedRelation,
  partProbe,
  relationProbe,
  type EffectProbe,
  type NamedRelation,
} from './effect-probe';

export const relationWords: Record<string, string> = {
  OBJECT_TABLE: 'table',
  OBJECT_FOREIGN_TABLE: 'table',
  OBJECT_INDEX: 'index',
  OBJECT_VIEW: 'view',
  OBJECT_MATVIEW: 'materialized view',
  OBJECT_SEQUENCE: 'sequence',
};

export type TableRule = 'trigger' | 'policy' | 'rule';

const ruleTables: Record<TableRule, { from: string; table: string; name: string }> = {
  trigger: { from: 'pg_trigger', table: 'tgrelid', name: 'tgname' },
  policy: { from: 'pg_policy', table: 'polrelid', name: 'polname' },
  rule: { from: 'pg_rewrite', table: 'ev_class', name: 'rulename' },
};

export function tableRule(
  kind: TableRule,
  table: NamedRelation | null,
  name: string | undefined,
  wants: 'there' | 'gone',
  replaces = false,
): EffectProbe[] | null {
  if (!table || !name) return null;
  const catalog = ruleTables[kind];
  const exists = `select from ${catalog.from} where ${catalog.table} = ${table.sql} and ${catalog.name} = ${quoteLiteral(name)}`;
  return [{ ...partProbe(kind, table, name, wants, exists), decides: !replaces }];
}

export function typeProbe(parts: readonly string[], wants: 'there' | 'gone'): EffectProbe | null {
  const named = namedRelation(parts);
  if (!named) return null;
  const probe = relationProbe('type', named, wants);
  return { ...probe, holds: probe.holds.replace('to_regclass', 'to_regtype') };
}

export function schemaProbe(name: string, wants: 'there' | 'gone'): EffectProbe {
  return {
    object: `schema ${name}`,
    wants,
    holds: `${wants === 'there' ? '' : 'not '}exists (select from pg_namespace where nspname = ${quoteLiteral(name)})`,
    decides: true,
    paths: [`schema ${name}`],
    searched: false,
  };
}

export function extensionProbe(name: string, wants: 'there' | 'gone'): EffectProbe {
  return {
    object: `extension ${name}`,
    wants,
    holds: `${wants === 'there' ? '' : 'not '}exists (select from pg_extension where extname = ${quoteLiteral(name)})`,
    decides: true,
    paths: [`extension ${name}`],
    searched: false,
  };
}

export function routineSql(parts: readonly string[]): string {
  const place =
    parts.length === 2 ? `n.nspname = ${quoteLiteral(parts[0]!)}` : 'pg_function_is_visible(p.oid)';
  return `select from pg_proc p join pg_namespace n on n.oid = p.pronamespace
  where p.proname = ${quoteLiteral(parts.at(-1)!)} and ${place}`;
}
