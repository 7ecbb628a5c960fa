import type { Connection, Environment } from '../database/connection';
import { isPostgresUrl, parseConnectionUrl } from '../database/connection-url';
import { lookUpPassword } from '../database/password-file';
import { discoverConnections, guessedEnvironment } from '../database/discover-connections';
import type { Files } from '../ports/files';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { optionalChoice, optionalText } from './option-values';
import type { OptionValues, VerbOptions } from './verb';

/** The options that name a database. */
export const connectionOptions: VerbOptions = {
  'database-url': {
    type: 'string',
    value: 'URL',
    help: t('the database; env:NAME reads the URL from a variable'),
  },
  environment: {
    type: 'string',
    value: 'NAME',
    help: t(
      'development, staging or production; guessed from the names of the variable and the host unless said',
    ),
  },
  'confirm-database': {
    type: 'string',
    value: 'NAME',
    help: t('needed for production: the name of the database'),
  },
};

const environments: readonly Environment[] = ['development', 'staging', 'production'];

export interface NamedDatabase {
  connection: Connection;
  password: string | null;
  /** Said on standard error before connecting. */
  warning: string | null;
}

/**
 * The database that the options, else DATABASE_URL or PG*, name; null when none does. Its environment is guessed unless
 * said. The password comes from PGPASSWORD, PGPASSFILE, a service file or `--database-url env:NAME`; inside the argument
 * it works with a warning.
 */
export async function readDatabaseOption(
  values: OptionValues,
  environment: NodeJS.ProcessEnv,
  files: Files,
  root: string,
): Promise<NamedDatabase | null> {
  const label = optionalChoice(values, 'environment', environments);
  const argument = optionalText(values, 'database-url');
  if (argument !== null) return fromArgument(argument, label, environment, files);
  const variables = Object.keys(environment).some(
    (name) => name === 'DATABASE_URL' || name === 'PGHOST' || name === 'PGSERVICE',
  );
  if (!variables) return null;
  const found = await discoverConnections({ root, files, environment: withoutOtherUrls(environment) });
  const first = found.find((item) => item.origin === 'environment');
  if (!first) return null;
  const password = first.password ?? (await passwordFor(first.connection, environment, files));
  return {
    connection: { ...first.connection, environment: label ?? first.connection.environment },
    password,
    warning: null,
  };
}

/** Of the variables that hold a URL, DATABASE_URL alone is meant without being named. */
function withoutOtherUrls(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const meant = Object.entries(environment).filter(
    ([name, value]) => name === 'DATABASE_URL' || !isPostgresUrl(value ?? ''),
  );
  return Object.fromEntries(meant);
}

async function fromArgument(
  argument: string,
  label: Environment | null,
  environment: NodeJS.ProcessEnv,
  files: Files,
): Promise<NamedDatabase> {
  const variable = /^env:(.+)$/.exec(argument)?.[1];
  const url = variable === undefined ? argument : environment[variable];
  if (url === undefined || url === '') {
    throw new SwitchbackError(
      'usage',
      t('The environment variable {0} is empty. Set it to a database URL.', variable ?? ''),
    );
  }
  const parsed = parseConnectionUrl(url);
  const guessed = guessedEnvironment(`${variable ?? ''} ${parsed.connection.host}`);
  const connection: Connection = { ...parsed.connection, environment: label ?? guessed };
  const warning =
    parsed.password !== null && variable === undefined
      ? t(
          'The password in --database-url can be seen by other users of this machine. Use PGPASSWORD, PGPASSFILE or --database-url env:NAME.',
        )
      : null;
  return {
    connection,
    password: parsed.password ?? (await passwordFor(connection, environment, files)),
    warning,
  };
}

async function passwordFor(
  connection: Connection,
  environment: NodeJS.ProcessEnv,
  files: Files,
): Promise<string | null> {
  return environment.PGPASSWORD ?? (await lookUpPassword(connection, environment, files));
}
