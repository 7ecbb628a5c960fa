import type { Session } from '../../database/session';
import { isSwitchbackError, SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { quoteIdentifier, quoteLiteral } from '../../sql/identifier';
import type { CopyTable } from './copy-facts';

/**
 * Makes the tables of a shadow database take rows as they are: no trigger, rule or foreign key acts, and what holds only for new
 * rows (NOT VALID) is away meanwhile. Gives what puts all of that back. Throws `no-shadow` where the role may not.
 * https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-SESSION-REPLICATION-ROLE
 */
export async function openForRows(
  session: Session,
  tables: readonly CopyTable[],
): Promise<() => Promise<void>> {
  await session.script('set session_replication_role = replica').catch((error: unknown) => {
    throw isSwitchbackError(error, 'no-privilege') ? mayNotSilence(error, session) : error;
  });
  const back: string[] = [];
  for (const { relation, checks } of tables)
    for (const { name, definition, comment, isValidated, isInherited } of checks) {
      if (isValidated || isInherited) continue;
      const constraint = quoteIdentifier(name);
      await session.script(`alter table ${relation} drop constraint ${constraint}`);
      back.push(`alter table ${relation} add constraint ${constraint} ${definition}`);
      if (comment !== null)
        back.push(`comment on constraint ${constraint} on ${relation} is ${quoteLiteral(comment)}`);
    }
  for (const { off, on } of await acting(session)) {
    await session.script(off);
    back.push(on);
  }
  return async () => {
    for (const sql of back) await session.script(sql);
    await session.script('reset session_replication_role');
  };
}

/** Triggers and rules that are told to act on what is replicated, too. */
async function acting(session: Session): Promise<{ off: string; on: string }[]> {
  const { rows } = await session.query<{ off: string; on: string }>(
    `select format('alter table %s disable %s %I', relation, kind, name) as off,
            format('alter table %s enable %s %s %I', relation, case enabled when 'A' then 'always' else 'replica' end, kind, name) as on
       from (select tgrelid::regclass as relation, 'trigger' as kind, tgname as name, tgenabled as enabled from pg_trigger
              where not tgisinternal and tgenabled in ('A', 'R')
             union all select ev_class::regclass, 'rule', rulename, ev_enabled from pg_rewrite
              where rulename <> '_RETURN' and ev_enabled in ('A', 'R')) as a
      order by 1`,
  );
  return rows;
}

function mayNotSilence(cause: unknown, { facts }: Session): SwitchbackError {
  return new SwitchbackError(
    'no-shadow',
    t(
      'Rows are copied with triggers silent, which "{0}" may not do in the shadow database. Use a superuser there, or choose a local PostgreSQL as the shadow database.',
      facts.user,
    ),
    { cause },
  );
}
