import { Socket } from 'node:net';
import type { Client, ClientConfig } from 'pg';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { sendCancelRequest } from './cancel-request';
import {
  connectError,
  connectionLabel,
  errorCode,
  isRefusedLogin,
  isTlsFailure,
  isTlsUnsupported,
  PasswordMissing,
} from './connect-error';
import type { Connection } from './connection';
import { PgSession } from './pg-session';
import { readSessionFacts } from './read-session-facts';
import type { Session, SessionFacts, SessionFactory } from './session';
import { transportsOf, type Transport } from './tls-options';
import { typeParsers } from './type-parsers';

export interface OpenOptions {
  /** Shown in pg_stat_activity; `switchback` when not given. */
  applicationName?: string;
  signal?: AbortSignal;
}

/** server_version_num of the oldest supported major, 12. */
export const oldestVersionNumber = 120_000;

const defaultConnectSeconds = 10;
const keepAliveMilliseconds = 30_000;

/**
 * Connects as libpq's sslmode says and checks the server's version. Throws `unreachable`, `authentication`,
 * `tls-refused`, `not-found`, `no-privilege`, `server-too-old`, `invalid-file` or `cancelled`, never with the password.
 */
export async function openSession(
  connection: Connection,
  password: string | null,
  options: OpenOptions = {},
): Promise<Session> {
  const [transport, fallback] = await transportsOf(connection);
  try {
    return await openOver(transport, connection, password, options);
  } catch (first) {
    if (fallback === undefined || !mayTryNext(first, transport)) throw connectError(first, connection);
    try {
      return await openOver(fallback, connection, password, options);
    } catch (second) {
      throw connectError(moreTelling(first, second), connection);
    }
  }
}

/** Opens sessions to one database; `secret` is asked each time, so that a changed password is used. */
export function sessionFactory(connection: Connection, secret: () => Promise<string | null>): SessionFactory {
  return {
    label: connectionLabel(connection),
    open: async (options) => openSession(connection, await secret(), options),
  };
}

/** `prefer` goes on without TLS, and `allow` with it, when the server or TLS itself refused, not when nobody answered. */
function mayTryNext(error: unknown, transport: Transport): boolean {
  return isRefusedLogin(error) || (transport.kind === 'tls' && isTlsFailure(error));
}

/** Of two failed attempts the one to report: a wrong password or an untrusted certificate says more than "no rule for this transport". */
function moreTelling(first: unknown, second: unknown): unknown {
  if (isTlsUnsupported(first)) return second;
  if (isTlsUnsupported(second)) return first;
  return isRefusedLogin(second) && errorCode(second) !== '28P01' ? first : second;
}

async function openOver(
  transport: Transport,
  connection: Connection,
  password: string | null,
  options: OpenOptions,
): Promise<Session> {
  const pg = await import('pg');
  const socket = new Socket();
  const client = new pg.Client(
    clientConfig(transport, connection, password, options, socket, typeParsers(pg.types)),
  );
  // Before the session listens, the failure of connect() tells; without a listener Node would end the process.
  const ignore = (): void => undefined;
  client.on('error', ignore);
  const abort = (): void => void socket.destroy(cancelled(connection));
  options.signal?.addEventListener('abort', abort, { once: true });
  try {
    if (options.signal?.aborted) throw cancelled(connection);
    await client.connect();
    const facts = await readFacts(client, connection);
    const { processID, secretKey } = client as Client & { processID: number; secretKey: number };
    const timeoutMilliseconds = connectMilliseconds(connection);
    const target = {
      host: connection.host,
      port: connection.port,
      transport,
      processId: processID,
      secretKey,
    };
    return new PgSession({
      client,
      facts,
      label: connectionLabel(connection),
      requestCancel: () => sendCancelRequest({ ...target, timeoutMilliseconds }),
      destroy: () => void socket.destroy(),
    });
  } catch (error) {
    socket.destroy();
    throw options.signal?.aborted ? cancelled(connection) : error;
  } finally {
    options.signal?.removeEventListener('abort', abort);
    client.off('error', ignore);
    if (socket.destroyed) client.on('error', ignore);
  }
}

function clientConfig(
  transport: Transport,
  connection: Connection,
  password: string | null,
  options: OpenOptions,
  socket: Socket,
  types: ClientConfig['types'],
): ClientConfig {
  return {
    host: connection.host,
    port: connection.port,
    database: connection.database,
    user: connection.user,
    // A function, so that node-postgres looks neither at PGPASSWORD nor at ~/.pgpass for another one.
    password: () => {
      if (password === null || password === '') throw new PasswordMissing();
      return password;
    },
    ssl: transport.kind === 'tls' ? transport.options : false,
    sslnegotiation: 'postgres',
    application_name: options.applicationName ?? 'switchback',
    options: connection.options,
    connectionTimeoutMillis: connectMilliseconds(connection),
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveMilliseconds,
    stream: () => socket,
    types,
  };
}

/** libpq's connect_timeout: 0 means to wait for as long as it takes. */
function connectMilliseconds(connection: Connection): number {
  return (connection.connectTimeoutSeconds ?? defaultConnectSeconds) * 1000;
}

async function readFacts(client: Client, connection: Connection): Promise<SessionFacts> {
  const facts = await readSessionFacts(client, 'postgres');
  if (facts.versionNumber >= oldestVersionNumber) return facts;
  await client.end();
  throw tooOld(facts.version, connection);
}

function tooOld(version: string, connection: Connection): SwitchbackError {
  return new SwitchbackError(
    'server-too-old',
    t(
      '{0} runs PostgreSQL {1}; Switchback needs 12 or newer. Upgrade the server first.',
      connectionLabel(connection),
      version,
    ),
    { details: { version } },
  );
}

function cancelled(connection: Connection): SwitchbackError {
  return new SwitchbackError(
    'cancelled',
    t('Connecting to {0} was cancelled. Connect again when you are ready.', connectionLabel(connection)),
  );
}
