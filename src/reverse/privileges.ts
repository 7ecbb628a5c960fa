import type { CatalogObject } from '../catalog/catalog';
import type { ObjectKind } from './object-name';
import { ranks, type ReverseStep } from './reverse-step';

type Properties = Record<string, string>;

/** How GRANT calls a kind; null where a kind has no privileges. */
function grantWord(kind: ObjectKind): string | null {
  switch (kind) {
    case 'table':
    case 'view':
    case 'materialized view':
    case 'foreign table':
      return 'TABLE';
    case 'sequence':
      return 'SEQUENCE';
    case 'function':
    case 'aggregate':
    case 'window function':
      return 'FUNCTION';
    case 'procedure':
      return 'PROCEDURE';
    case 'schema':
      return 'SCHEMA';
    case 'type':
    case 'domain':
      return 'TYPE';
    default:
      return null;
  }
}

/** What everybody may do with a new one: https://www.postgresql.org/docs/current/ddl-priv.html */
function usualOf(kind: ObjectKind): Record<string, Properties> {
  if (kind === 'type' || kind === 'domain') return { 'privileges of public': { USAGE: 'granted' } };
  if (grantWord(kind) === 'FUNCTION' || kind === 'procedure')
    return { 'privileges of public': { EXECUTE: 'granted' } };
  return {};
}

/** GRANT and REVOKE that lead from the privileges of one to those of the other; `from` is null for a new object. */
export function privilegeSteps(
  kind: ObjectKind,
  name: string,
  from: CatalogObject | null,
  to: CatalogObject,
): ReverseStep[] {
  const word = grantWord(kind);
  if (word === null) return [];
  const before = from ? privilegesOf(from) : usualOf(kind);
  const after = privilegesOf(to);
  const owner = to.properties['owner'] ?? 'current_user';
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].sort().flatMap((part) => {
    const grantee = part.slice('privileges of '.length);
    const role = grantee === 'the owner' ? owner : grantee === 'public' ? 'PUBLIC' : grantee;
    const isOwner = grantee === 'the owner';
    return changedPrivileges(before[part] ?? {}, after[part] ?? {}, isOwner).map(({ privilege, state }) => ({
      rank: ranks.settings,
      sql: grantOrRevoke(privilege, `ON ${word} ${name}`, role, state, before[part]?.[privilege]),
    }));
  });
}

/** Privileges of a column, which its own properties hold: `privilege SELECT of reader`. */
export function columnPrivilegeSteps(
  table: string,
  column: string,
  from: Properties,
  to: Properties,
): ReverseStep[] {
  const pattern = /^privilege (\S+) of (.*)$/;
  const names = [...new Set([...Object.keys(from), ...Object.keys(to)])]
    .filter((name) => pattern.test(name))
    .sort();
  return names.flatMap((property) => {
    if (from[property] === to[property]) return [];
    const [, privilege, grantee] = pattern.exec(property)!;
    const role = grantee === 'public' ? 'PUBLIC' : grantee!;
    const on = `ON TABLE ${table}`;
    const sql = grantOrRevoke(`${privilege} (${column})`, on, role, to[property] ?? null, from[property]);
    return [{ rank: ranks.settings, sql }];
  });
}

/** `state` is what it is to be, `present` what it is. */
export function grantOrRevoke(
  privilege: string,
  on: string,
  role: string,
  state: string | null,
  present: string | undefined,
): string {
  if (state === null) return `REVOKE ${privilege} ${on} FROM ${role}`;
  if (state !== 'grantable' && present === 'grantable')
    return `REVOKE GRANT OPTION FOR ${privilege} ${on} FROM ${role}`;
  return `GRANT ${privilege} ${on} TO ${role}${state === 'grantable' ? ' WITH GRANT OPTION' : ''}`;
}

export function privilegesOf(object: CatalogObject): Record<string, Properties> {
  return Object.fromEntries(
    Object.entries(object.parts).filter(([part]) => part.startsWith('privileges of ')),
  );
}

interface PrivilegeChange {
  privilege: string;
  /** null: revoked. */
  state: string | null;
}

/** Of the owner the catalog tells what was taken away, of all others what was given. */
function changedPrivileges(from: Properties, to: Properties, isOwner: boolean): PrivilegeChange[] {
  const names = [...new Set([...Object.keys(from), ...Object.keys(to)])].sort();
  return names
    .filter((privilege) => from[privilege] !== to[privilege])
    .map((privilege) => {
      const given = isOwner ? to[privilege] !== 'revoked' : to[privilege] !== undefined;
      return { privilege, state: given ? (to[privilege] ?? 'granted') : null };
    });
}
