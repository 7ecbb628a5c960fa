import { isIPv6 } from 'node:net';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { Connection } from './connection';
import {
  connectionFromParameters,
  type ConnectionParameters,
  type ParsedConnection,
} from './connection-parameters';

const scheme = /^(?:jdbc:)?postgres(?:ql)?(?:\+\w+)?:\/\//i;

/** True for what looks like a PostgreSQL URL, whatever driver its scheme names. */
export function isPostgresUrl(text: string): boolean {
  return scheme.test(text.trim());
}

/**
 * Reads a `postgresql://` URL or libpq's `key=value` text. A password with an unescaped @ is understood. Throws
 * `usage` with a sentence that does not repeat the password.
 * https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING
 */
export function parseConnectionUrl(text: string): ParsedConnection {
  const trimmed = text.trim();
  if (isPostgresUrl(trimmed)) return connectionFromParameters(urlParameters(trimmed.replace(scheme, '')));
  if (/^\w+\s*=/.test(trimmed)) return connectionFromParameters(keyValueParameters(trimmed));
  throw new SwitchbackError(
    'usage',
    t(
      'This is not a PostgreSQL URL. Write postgresql://user@host:5432/database, or host=... dbname=... user=...',
    ),
  );
}

/** The connection as a URL without its password. */
export function formatConnectionUrl(connection: Connection): string {
  const { host, port, user, database } = connection;
  const options: [string, string | number | undefined][] = [
    ['sslmode', connection.sslmode],
    ['sslrootcert', connection.sslRootCert],
    ['sslcert', connection.sslCert],
    ['sslkey', connection.sslKey],
    ['connect_timeout', connection.connectTimeoutSeconds],
    ['options', connection.options],
  ];
  const query = options
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${encode(String(value))}`);
  return `postgresql://${encode(user)}@${isIPv6(host) ? `[${host}]` : encode(host)}:${port}/${encode(database)}?${query.join('&')}`;
}

function urlParameters(rest: string): ConnectionParameters {
  const match = /^([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/s.exec(rest);
  if (!match) throw malformed();
  const [, authority = '', database, query] = match;
  if (database?.includes('@') || (query ?? '').split('&').some(holdsHost)) throw unescaped();
  const at = authority.lastIndexOf('@');
  const parameters: ConnectionParameters = {};
  if (at >= 0) Object.assign(parameters, credentials(authority.slice(0, at)));
  Object.assign(parameters, hostAndPort(authority.slice(at + 1)));
  if (database) parameters['dbname'] = decode(database);
  for (const pair of (query ?? '').split('&').filter((one) => one !== '')) {
    const equals = pair.indexOf('=');
    if (equals < 1) throw malformed();
    parameters[decode(pair.slice(0, equals))] = decode(pair.slice(equals + 1));
  }
  return parameters;
}

/** Parameters that people write an @ in as it is; any other is the end of a password that has a / or ? in it. */
const withAt = /^(?:user|password|sslpassword|options|application_name|passfile)=/i;

/** Whether the rest of a user or password, with the host behind it, is where a parameter should be. */
function holdsHost(pair: string): boolean {
  return pair.includes('@') && !withAt.test(pair);
}

function credentials(text: string): ConnectionParameters {
  const colon = text.indexOf(':');
  if (colon < 0) return { user: decode(text) };
  return { user: decode(text.slice(0, colon)), password: decode(text.slice(colon + 1)) };
}

function hostAndPort(text: string): ConnectionParameters {
  if (text.includes(',')) return { host: text };
  const match = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::(.*))?$/.exec(text);
  if (!match) throw malformed();
  return { host: decode(match[1] ?? match[2] ?? ''), port: match[3] ?? '' };
}

/** `host=localhost dbname='my db'`: quotes around values, backslashes before quotes and backslashes. */
function keyValueParameters(text: string): ConnectionParameters {
  const parameters: ConnectionParameters = {};
  const pattern = /\s*(\w+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|((?:[^\s'\\]|\\.)(?:[^\s\\]|\\.)*)?)(?=\s|$)\s*/gsy;
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (!match) {
      throw new SwitchbackError(
        'usage',
        t(
          'The connection settings cannot be read after "{0}". Write name=value, with quotes around spaces.',
          lastName(parameters),
        ),
      );
    }
    parameters[match[1]!] = (match[2] ?? match[3] ?? '').replace(/\\(.)/gs, '$1');
  }
  return parameters;
}

function lastName(parameters: ConnectionParameters): string {
  return Object.keys(parameters).at(-1) ?? '';
}

function encode(text: string): string {
  return encodeURIComponent(text);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new SwitchbackError(
      'usage',
      t('The URL has a % that starts no character. Write %25 for a percent sign.'),
    );
  }
}

/** Nothing of the URL is said: any part of it may be of the password. */
function unescaped(): SwitchbackError {
  return new SwitchbackError(
    'usage',
    t(
      'The URL has an @ behind a / or a ?. Write special characters of a user name, a password or a database name as %XX: %40 for @, %2F for /, %3F for ?, %23 for #.',
    ),
  );
}

function malformed(): SwitchbackError {
  return new SwitchbackError(
    'usage',
    t(
      'The URL cannot be read. Write postgresql://user@host:5432/database?sslmode=prefer, with special characters as %XX.',
    ),
  );
}
