import type { Session } from '../../database/session';
import type { PolicyFacts, PrivilegeFacts } from '../table-facts';
import { columnsUsedBy } from './column-lists';
import type { FoundTable } from './find-table';

/** Privileges granted to others than the owner, on the table and on its columns. */
export async function readPrivileges(session: Session, table: FoundTable): Promise<PrivilegeFacts[]> {
  const { rows } = await session.query<PrivilegeFacts>(
    `select case when g.grantee = 0 then 'public' else pg_get_userbyid(g.grantee)::text end as grantee,
            g.privilege_type as privilege, granted.column_name as column, g.is_grantable as grantable
       from (select relowner, null::text as column_name, relacl as acl from pg_class where oid = $1
             union all
             select c.relowner, a.attname::text, a.attacl from pg_attribute a join pg_class c on c.oid = a.attrelid
              where a.attrelid = $1 and not a.attisdropped) as granted
      cross join lateral aclexplode(granted.acl) as g
      where g.grantee <> granted.relowner
      order by 3 nulls first, 1, 2`,
    [table.oid],
  );
  return rows;
}

const commands: Record<string, PolicyFacts['command']> = {
  '*': 'all',
  r: 'select',
  a: 'insert',
  w: 'update',
  d: 'delete',
};

/** Row security policies by name. */
export async function readPolicies(session: Session, table: FoundTable): Promise<PolicyFacts[]> {
  const { rows } = await session.query<
    Omit<PolicyFacts, 'command' | 'withCheck'> & { command: string; with_check: string | null }
  >(
    `select p.polname::text as name, p.polcmd as command, p.polpermissive as permissive,
            array(select case when role = 0 then 'public' else pg_get_userbyid(role)::text end from unnest(p.polroles) as role order by 1) as roles,
            pg_get_expr(p.polqual, p.polrelid) as using, pg_get_expr(p.polwithcheck, p.polrelid) as with_check,
            ${columnsUsedBy('pg_policy', 'p.oid', 'p.polrelid')} as columns
       from pg_policy p where p.polrelid = $1 order by p.polname`,
    [table.oid],
  );
  return rows.map(({ command, with_check, ...row }) => ({
    ...row,
    command: commands[command]!,
    withCheck: with_check,
  }));
}
