import { createHash } from 'node:crypto';
import { userInfo } from 'node:os';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { sslModes, type Connection, type SslMode } from './connection';

/** libpq's names and their values: https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS */
export type ConnectionParameters = Partial<Record<string, string>>;

export interface ParsedConnection {
  /** Environment `development`; a name made of database and host. */
  connection: Connection;
  password: string | null;
  /** Parameters that mean nothing here (`schema`, `pgbouncer`, ...), for a note to the user. */
  ignored: string[];
}

const known = new Set([
  'host',
  'hostaddr',
  'port',
  'dbname',
  'user',
  'password',
  'sslmode',
  'ssl',
  'sslrootcert',
  'sslcert',
  'sslkey',
  'connect_timeout',
  'options',
]);

/** A connection from libpq parameters, with libpq's defaults and `localhost`. Throws `usage` with a sentence; the password is in none. */
export function connectionFromParameters(parameters: ConnectionParameters): ParsedConnection {
  const host = filled(parameters['host']) ?? filled(parameters['hostaddr']) ?? 'localhost';
  if (host.includes(',') || parameters['port']?.includes(',')) {
    throw new SwitchbackError('usage', t('"{0}" names several hosts. Name one, the primary.', host));
  }
  const user = filled(parameters['user']) ?? userInfo().username;
  const database = filled(parameters['dbname']) ?? user;
  const port = portOf(parameters['port']);
  const connectTimeoutSeconds = secondsOf(parameters['connect_timeout']);
  const connection: Connection = {
    id: connectionId({ host, port, database, user }),
    name: t('{0} on {1}', database, host),
    environment: 'development',
    kind: 'server',
    host,
    port,
    database,
    user,
    sslmode: sslModeOf(parameters),
    ...optional('sslRootCert', parameters['sslrootcert']),
    ...optional('sslCert', parameters['sslcert']),
    ...optional('sslKey', parameters['sslkey']),
    ...(connectTimeoutSeconds === null ? {} : { connectTimeoutSeconds }),
    ...optional('options', parameters['options']),
  };
  const ignored = Object.keys(parameters).filter((name) => !known.has(name));
  return { connection, password: filled(parameters['password']), ignored };
}

/** A stable id from what makes two connections the same. */
export function connectionId(of: Pick<Connection, 'host' | 'port' | 'database' | 'user'>): string {
  return createHash('sha256')
    .update(JSON.stringify([of.host, of.port, of.database, of.user]))
    .digest('hex')
    .slice(0, 16);
}

function filled(value: string | undefined): string | null {
  return value === undefined || value === '' ? null : value;
}

function optional<Key extends 'sslRootCert' | 'sslCert' | 'sslKey' | 'options'>(
  key: Key,
  value: string | undefined,
): Partial<Record<Key, string>> {
  return value === undefined || value === '' ? {} : ({ [key]: value } as Record<Key, string>);
}

function portOf(text: string | undefined): number {
  if (text === undefined || text === '') return 5432;
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new SwitchbackError('usage', t('"{0}" is not a port. Give a number from 1 to 65535.', text));
}

function secondsOf(text: string | undefined): number | null {
  if (text === undefined || text === '') return null;
  const seconds = Number(text);
  if (Number.isInteger(seconds)) return Math.max(seconds, 0);
  throw new SwitchbackError('usage', t('"{0}" is not a connect_timeout. Give a number of seconds.', text));
}

/** `ssl=true` is how JDBC and others say it, `no-verify` how node-postgres does; both mean `require`. */
function sslModeOf(parameters: ConnectionParameters): SslMode {
  const mode = filled(parameters['sslmode']);
  if (mode === null)
    return /^(true|1|on|yes)$/i.test(parameters['ssl'] ?? '') ? 'require' : defaultSslMode(parameters);
  if (mode === 'no-verify') return 'require';
  const found = sslModes.find((one) => one === mode);
  if (found) return found;
  throw new SwitchbackError(
    'usage',
    t('"{0}" is not an sslmode. Choose one of {1}.', mode, sslModes.join(', ')),
  );
}

/** libpq takes verify-full for sslrootcert=system, since less would prove nothing. */
function defaultSslMode(parameters: ConnectionParameters): SslMode {
  return parameters['sslrootcert'] === 'system' ? 'verify-full' : 'prefer';
}
