import type { CatalogObject } from '../catalog/catalog';
import { grantOrRevoke, privilegesOf } from './privileges';
import { ranks, type ReverseStep } from './reverse-step';

const usual: Record<string, Record<string, Record<string, string>>> = {
  functions: { 'privileges of public': { EXECUTE: 'granted' } },
  types: { 'privileges of public': { USAGE: 'granted' } },
};

/**
 * ALTER DEFAULT PRIVILEGES from one state to another, for `owner in schema s on tables`; null stands for none set. What the
 * owner has by default stays. https://www.postgresql.org/docs/current/sql-alterdefaultprivileges.html
 */
export function defaultPrivilegeSteps(
  name: string,
  from: CatalogObject | null,
  to: CatalogObject | null,
): ReverseStep[] {
  const read =
    /^([\s\S]*?)(?: in schema ([\s\S]*?))? on (tables|sequences|functions|types|schemas|large objects)$/;
  const [, owner, schema, objects] = read.exec(name)!;
  const unset = schema === undefined ? (usual[objects!] ?? {}) : {};
  const [before, after] = [from ? privilegesOf(from) : unset, to ? privilegesOf(to) : unset];
  const head = `ALTER DEFAULT PRIVILEGES FOR ROLE ${owner}${schema ? ` IN SCHEMA ${schema}` : ''}`;
  const grantees = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return grantees.flatMap((part) => {
    const grantee = part.slice('privileges of '.length);
    if (grantee === 'the owner') return [];
    const [was, is] = [before[part] ?? {}, after[part] ?? {}];
    return [...new Set([...Object.keys(was), ...Object.keys(is)])]
      .filter((privilege) => was[privilege] !== is[privilege])
      .sort()
      .map((privilege) => ({
        rank: ranks.settings,
        sql: `${head} ${grantOrRevoke(
          privilege,
          `ON ${objects!.toUpperCase()}`,
          grantee === 'public' ? 'PUBLIC' : grantee,
          is[privilege] ?? null,
          was[privilege],
        )}`,
      }));
  });
}
