import type { Client } from 'pg';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { PgSession } from '../database/pg-session';
import { readSessionFacts } from '../database/read-session-facts';
import type { Session, SessionFacts } from '../database/session';
import { typeParsers } from '../database/type-parsers';
import type { PgliteProcess } from './pglite-process';
import { PgliteStream } from './pglite-stream';

/** How messages name it. */
export function embeddedLabel(): string {
  return t('the embedded database');
}

/**
 * A session on a PGlite process: node-postgres over PgliteStream, so that values and errors are those of
 * a server. cancel() and an aborted signal end the process, and the session with it.
 */
export async function openPgliteSession(
  database: PgliteProcess,
  limitMilliseconds: number,
): Promise<Session> {
  const pg = await import('pg');
  const stream = new PgliteStream(database, limitMilliseconds);
  const client = new pg.Client({
    host: 'localhost',
    port: 5432,
    user: 'postgres',
    database: 'postgres',
    password: () => '',
    ssl: false,
    stream: () => stream,
    types: typeParsers(pg.types),
  });
  const ignore = (): void => undefined;
  client.on('error', ignore);
  await client.connect();
  const facts = await prepare(client);
  const session = new PgSession({
    client,
    facts,
    label: embeddedLabel(),
    requestCancel: () => database.kill(cancelled()),
    destroy: () => void stream.destroy(),
  });
  client.off('error', ignore);
  return session;
}

/** What the session before left behind goes; settings become a server's own. */
async function prepare(client: Client): Promise<SessionFacts> {
  await client.query('rollback');
  await client.query('discard all');
  await client.query(`set search_path = "$user", public`);
  return readSessionFacts(client, 'pglite');
}

function cancelled(): SwitchbackError {
  return new SwitchbackError(
    'cancelled',
    t('The statement on {0} was cancelled. Run it again when you are ready.', embeddedLabel()),
  );
}
