import type { Client } from 'pg';
import type { SessionFacts } from './session';

/** What a fresh session says of itself. */
export async function readSessionFacts(
  client: Client,
  engine: SessionFacts['engine'],
): Promise<SessionFacts> {
  const result = await client.query<{
    number: string;
    version: string;
    database: string;
    user: string;
    pid: number;
  }>(
    `select current_setting('server_version_num') as number, current_setting('server_version') as version,
            current_database()::text as database, current_user::text as user, pg_backend_pid() as pid`,
  );
  const { number, ...row } = result.rows[0]!;
  const versionNumber = Number(number);
  return { engine, versionNumber, major: Math.floor(versionNumber / 10_000), ...row };
}
