import type { Session } from '../../database/session';
import { isSwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';

/** Refreshes the materialized views that have rows where they come from, in the order they were made; gives a sentence for each that cannot be. */
export async function refreshViews(session: Session, signal: AbortSignal): Promise<string[]> {
  const { rows } = await session.query<{ view: string }>(
    `select format('%I.%I', n.nspname, c.relname) as view from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind = 'm' and c.relispopulated
        and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
      order by c.oid`,
    [],
    { signal },
  );
  const notes: string[] = [];
  for (const { view } of rows) {
    try {
      await session.script(`refresh materialized view ${view}`, { signal });
    } catch (error) {
      if (signal.aborted || session.lost.aborted || !isSwitchbackError(error)) throw error;
      notes.push(
        t('{0} could not be refreshed and has no rows ({1}).', view, String(error.details.sqlstate)),
      );
    }
  }
  return notes;
}
