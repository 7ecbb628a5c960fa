import type { PrivilegeFacts } from '../../catalog/table-facts';
import { formatIdentifier } from '../../sql/identifier';

export interface Rights {
  owner: string;
  /** Null where nobody has granted or revoked anything. */
  privileges: readonly PrivilegeFacts[] | null;
  /** Whom default privileges give rights on what is made; `public` is everybody. */
  defaultGrantees: readonly string[];
}

/** Statements that give what was just made the owner and rights of something else. `target` as GRANT names it: `ROUTINE app.f()`. */
export function rightsAgain(target: string, { owner, privileges, defaultGrantees }: Rights): string[] {
  const holders = new Set(['public', owner, ...defaultGrantees]);
  return [
    `ALTER ${target} OWNER TO ${formatIdentifier(owner)}`,
    ...(privileges === null
      ? []
      : [...holders].map((holder) => `REVOKE ALL ON ${grantTarget(target)} FROM ${roleName(holder)}`)),
    ...(privileges ?? []).map(({ privilege, column, grantee, grantable }) => {
      const columns = column === null ? '' : ` (${formatIdentifier(column)})`;
      const option = grantable && grantee !== owner ? ' WITH GRANT OPTION' : '';
      return `GRANT ${privilege}${columns} ON ${grantTarget(target)} TO ${roleName(grantee)}${option}`;
    }),
  ];
}

/** GRANT knows views as tables. */
function grantTarget(target: string): string {
  return target.replace(/^(?:MATERIALIZED )?VIEW /, 'TABLE ');
}

function roleName(role: string): string {
  return role === 'public' ? 'PUBLIC' : formatIdentifier(role);
}
