import type { Rights } from '../../assess/rights';
import { formatIdentifier } from '../../sql/identifier';

/** Statements that give what was just made the owner and rights of something else. `target`: `ROUTINE app.f()`. */
export function rightsAgain(
  target: string,
  { owner, privileges, isDefault, defaultGrantees }: Rights,
): string[] {
  const on = grantTarget(target);
  const holders = new Set([...(isDefault ? [] : ['public', owner]), ...defaultGrantees]);
  if (isDefault) holders.delete(owner);
  return [
    `ALTER ${target} OWNER TO ${formatIdentifier(owner)}`,
    ...[...holders].map((holder) => `REVOKE ALL ON ${on} FROM ${roleName(holder)}`),
    ...privileges.map(({ privilege, column, grantee, grantable }) => {
      const columns = column === null ? '' : ` (${formatIdentifier(column)})`;
      const option = grantable && grantee !== owner ? ' WITH GRANT OPTION' : '';
      return `GRANT ${privilege}${columns} ON ${on} TO ${roleName(grantee)}${option}`;
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
