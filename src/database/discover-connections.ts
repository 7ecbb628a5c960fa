import { basename, join, relative } from 'node:path';
import { parse as parseDotenv } from 'dotenv';
import { errorText } from '../messages/error';
import { t } from '../messages/translate';
import type { Files } from '../ports/files';
import type { Environment, FoundConnection } from './connection';
import {
  connectionFromParameters,
  type ConnectionParameters,
  type ParsedConnection,
} from './connection-parameters';
import { isPostgresUrl, parseConnectionUrl } from './connection-url';
import { lookUpPassword, passwordFilePath, readPasswordFile } from './password-file';
import { readServices } from './service-file';

export interface DiscoverRequest {
  /** The workspace folder. */
  root: string;
  files: Files;
  environment: NodeJS.ProcessEnv;
  /** Told what was found but cannot be used, without passwords. */
  onProblem?: (sentence: string) => void;
}

type Variables = Partial<Record<string, string>>;

/**
 * Connections named by the process environment (DATABASE_URL, PG*), the workspace's `.env*` files (any PostgreSQL
 * URL, PG*), pg_service.conf and the password file: in this order, each database once.
 */
export async function discoverConnections(request: DiscoverRequest): Promise<FoundConnection[]> {
  const services = await readServices(request.environment, request.files);
  const found = [
    ...fromVariables(request, request.environment, services, t('environment'), 'environment'),
    ...(await fromEnvFiles(request, services)),
    ...[...services].flatMap(([name, parameters]) =>
      attempt(request, t('service file, [{0}]', name), 'service', () => connectionFromParameters(parameters)),
    ),
    ...(await fromPasswordFile(request)),
  ];
  return Promise.all(withoutRepeats(found).map((one) => withPassword(one, request)));
}

async function fromEnvFiles(request: DiscoverRequest, services: Services): Promise<FoundConnection[]> {
  const found: FoundConnection[] = [];
  for (const path of await envFiles(request)) {
    const name = relative(request.root, path).replaceAll('\\', '/');
    try {
      const text = await request.files.read(path);
      found.push(...fromVariables(request, expanded(parseDotenv(text)), services, name, 'workspace'));
    } catch (error) {
      request.onProblem?.(t('{0} was passed over: {1}', name, errorText(error)));
    }
  }
  return found;
}

/** `.env`, `.env.local`, `.env.production` in the root and the folders in it. They are usually in .gitignore. */
async function envFiles({ root, files }: DiscoverRequest): Promise<string[]> {
  const entries = await files.list(root);
  const folders = entries.filter(
    (entry) => entry.kind === 'folder' && !/^(\.|node_modules$)/.test(entry.name),
  );
  const paths: string[] = [];
  for (const folder of [root, ...folders.map((entry) => join(root, entry.name))]) {
    const names = (await files.list(folder))
      .filter((entry) => entry.kind === 'file')
      .map((entry) => entry.name);
    paths.push(...names.filter(isEnvFile).map((name) => join(folder, name)));
  }
  return paths;
}

function isEnvFile(name: string): boolean {
  return /^\.env(\.|$)/.test(name) && !/\.(example|sample|template|dist|defaults?)$/.test(name);
}

type Services = ReadonlyMap<string, ConnectionParameters>;

function fromVariables(
  request: DiscoverRequest,
  variables: Variables,
  services: Services,
  place: string,
  origin: FoundConnection['origin'],
): FoundConnection[] {
  const urls = Object.entries(variables)
    .filter((entry): entry is [string, string] => isPostgresUrl(entry[1] ?? ''))
    .sort(([one], [two]) => Number(two === 'DATABASE_URL') - Number(one === 'DATABASE_URL'));
  const found = urls.flatMap(([name, url]) =>
    attempt(request, `${place}, ${name}`, origin, () => parseConnectionUrl(url)),
  );
  const names = ['PGSERVICE', 'PGHOST', 'PGHOSTADDR', 'PGDATABASE'].filter((name) => variables[name]);
  if (names.length === 0) return found;
  return [
    ...found,
    ...attempt(request, `${place}, ${names.join(', ')}`, origin, () =>
      connectionFromParameters(pgVariables(variables, services)),
    ),
  ];
}

/** A service's settings win over the PG* variables, as in libpq. https://www.postgresql.org/docs/current/libpq-envars.html */
function pgVariables(variables: Variables, services: Services): ConnectionParameters {
  const named = Object.entries(environmentNames).flatMap(([name, parameter]) =>
    variables[name] ? [[parameter, variables[name]] as const] : [],
  );
  return { ...Object.fromEntries(named), ...services.get(variables['PGSERVICE'] ?? '') };
}

const environmentNames: Record<string, string> = {
  PGHOST: 'host',
  PGHOSTADDR: 'hostaddr',
  PGPORT: 'port',
  PGDATABASE: 'dbname',
  PGUSER: 'user',
  PGPASSWORD: 'password',
  PGSSLMODE: 'sslmode',
  PGSSLROOTCERT: 'sslrootcert',
  PGSSLCERT: 'sslcert',
  PGSSLKEY: 'sslkey',
  PGCONNECT_TIMEOUT: 'connect_timeout',
  PGOPTIONS: 'options',
};

/** Lines that name a host and a user; a database of `*` is offered as `postgres`. */
async function fromPasswordFile(request: DiscoverRequest): Promise<FoundConnection[]> {
  const entries = await readPasswordFile(request.environment, request.files, (sentence) =>
    request.onProblem?.(sentence),
  );
  const source = basename(passwordFilePath(request.environment));
  return entries
    .filter((entry) => entry.host !== '*' && entry.user !== '*')
    .flatMap((entry) =>
      attempt(request, source, 'password-file', () =>
        connectionFromParameters({
          host: entry.host,
          port: entry.port === '*' ? '5432' : entry.port,
          dbname: entry.database === '*' ? 'postgres' : entry.database,
          user: entry.user,
          password: entry.password,
        }),
      ),
    );
}

function attempt(
  request: DiscoverRequest,
  source: string,
  origin: FoundConnection['origin'],
  read: () => ParsedConnection,
): FoundConnection[] {
  try {
    const { connection, password } = read();
    return [
      {
        connection: { ...connection, environment: guessedEnvironment(`${source} ${connection.host}`) },
        source,
        origin,
        password,
      },
    ];
  } catch (error) {
    request.onProblem?.(t('{0} was passed over: {1}', source, errorText(error)));
    return [];
  }
}

/** A first guess from the names of a host and of where it was found; the user sees and changes it. */
export function guessedEnvironment(words: string): Environment {
  if (/(^|[^a-z])prod(uction)?([^a-z]|$)/i.test(words)) return 'production';
  return /(^|[^a-z])(staging|stage)([^a-z]|$)/i.test(words) ? 'staging' : 'development';
}

function withoutRepeats(found: FoundConnection[]): FoundConnection[] {
  return found.filter(
    (one, index) => found.findIndex((other) => other.connection.id === one.connection.id) === index,
  );
}

async function withPassword(found: FoundConnection, request: DiscoverRequest): Promise<FoundConnection> {
  const password =
    found.password ?? (await lookUpPassword(found.connection, request.environment, request.files));
  return { ...found, password };
}

/** `${NAME}` in a value of a .env file stands for another variable of that file. */
function expanded(variables: Variables): Variables {
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [
      name,
      value?.replace(/\$\{(\w+)\}/g, (whole, other: string) => variables[other] ?? whole),
    ]),
  );
}
