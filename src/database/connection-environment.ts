import type { Connection } from './connection';

/**
 * Environment variables that lead a program to this database: libpq's, and the URL that most tools of a framework read.
 * `options` are added to the connection's own. Without the password, which goes through a password file (`withPasswordFile`).
 * https://www.postgresql.org/docs/current/libpq-envars.html
 */
export function connectionEnvironment(connection: Connection, options = ''): Record<string, string> {
  const { host, port, user, database, sslmode } = connection;
  const optional = {
    PGSSLROOTCERT: connection.sslRootCert,
    PGSSLCERT: connection.sslCert,
    PGSSLKEY: connection.sslKey,
    PGCONNECT_TIMEOUT: connection.connectTimeoutSeconds?.toString(),
    PGOPTIONS: [connection.options ?? '', options].filter((text) => text !== '').join(' ') || undefined,
  };
  return {
    PGHOST: host,
    PGPORT: String(port),
    PGUSER: user,
    PGDATABASE: database,
    PGSSLMODE: sslmode,
    DATABASE_URL: connectionUrl(connection),
    ...(Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)) as Record<
      string,
      string
    >),
  };
}

/** libpq's that only say how a session behaves, wherever it is. */
const ofSessions = new Set(['PGAPPNAME', 'PGCLIENTENCODING', 'PGDATESTYLE', 'PGGEQO', 'PGLOCALEDIR', 'PGTZ']);

/**
 * URLs that tools read, and those with which Rails and MikroORM overrule DATABASE_URL and the project's configuration.
 * https://guides.rubyonrails.org/configuring.html#connection-preference, https://mikro-orm.io/docs/configuration#using-environment-variables
 */
const ofTools = /^(?:(?:PRIMARY_)?DATABASE_URL|MIKRO_ORM_(?:CLIENT_URL|HOST|PORT|USER|PASSWORD|DB_NAME))$/;

/**
 * Whether an inherited variable could lead a program elsewhere than `connectionEnvironment` does, or log in as somebody else:
 * PGSERVICE and PGHOSTADDR win over PGHOST. A program that is led to a database gets none of them.
 */
export function leadsElsewhere(variable: string): boolean {
  // Windows takes names in any case.
  const name = variable.toUpperCase();
  return (/^PG[A-Z]/.test(name) && !ofSessions.has(name)) || ofTools.test(name);
}

/** `postgresql://user@host:port/database`; a socket's folder is a parameter. */
function connectionUrl({ host, port, user, database, sslmode }: Connection): string {
  const isFolder = host.startsWith('/');
  const place = isFolder ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  const parameters = new URLSearchParams();
  if (isFolder) parameters.set('host', host);
  if (sslmode !== 'prefer') parameters.set('sslmode', sslmode);
  const query = parameters.size > 0 ? `?${parameters.toString()}` : '';
  const [name, owner] = [encodeURIComponent(database), encodeURIComponent(user)];
  return `postgresql://${owner}@${place}:${port}/${name}${query}`;
}
