import type { Session } from './session';

/**
 * Tells one running server from another, by whatever name or pooler it was reached: when it was started, to the
 * microsecond, which anybody may ask. Null for the embedded database.
 * https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-SESSION
 */
export async function readServerIdentity(session: Session): Promise<string | null> {
  if (session.facts.engine === 'pglite') return null;
  const { rows } = await session.query<{ started: string }>(
    'select extract(epoch from pg_catalog.pg_postmaster_start_time())::text as started',
  );
  return `${session.facts.versionNumber} ${rows[0]!.started}`;
}
