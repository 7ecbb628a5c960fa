import { connectionId } from '../database/connection-parameters';
import { parseConnectionUrl } from '../database/connection-url';
import {
  sslModes,
  type Connection,
  type Environment,
  type FoundConnection,
  type SslMode,
} from '../database/connection';
import { isSwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { environmentWord } from './format';
import { savedOf, typedOver } from './known-connection';
import type { Choice, MultiStepInput as Input, NativeQuestion } from './multi-step-input';

/** What the connect questions fill in. */
export interface ConnectAnswers {
  source: 'found' | 'saved' | 'url' | 'fields' | 'embedded';
  connection: Connection;
  /** null: none was typed or found; the stored one, if any, serves. */
  password: string | null;
  action: 'connect' | 'test';
}

export interface ConnectChoices {
  found: readonly FoundConnection[];
  saved: readonly Connection[];
}

/** A connection with PostgreSQL's own defaults. */
export function blankConnection(): Connection {
  return parseConnectionUrl('postgresql://postgres@localhost/postgres').connection;
}

type Source =
  | { kind: 'found'; found: FoundConnection }
  | { kind: 'saved'; connection: Connection }
  | { kind: 'url' | 'fields' | 'embedded' };

type Asked = NativeQuestion<ConnectAnswers>;

const typedIn = ({ source }: ConnectAnswers): boolean => source === 'fields';
const described = ({ source }: ConnectAnswers): boolean => source !== 'saved' && source !== 'embedded';

/** All questions of a connection; those that the source answers are left out. */
export function connectQuestions(choices: ConnectChoices): Asked[] {
  return [
    { ask: (input, answers) => askSource(choices, input, answers) },
    { when: ({ source }) => source === 'url', ask: (input, answers) => askUrl(choices, input, answers) },
    { when: typedIn, ask: askHost },
    { when: typedIn, ask: askPort },
    { when: typedIn, ask: askDatabase },
    { when: typedIn, ask: (input, answers) => askUser(choices, input, answers) },
    { when: described, ask: askSsl },
    { when: (answers) => described(answers) && checksCertificate(answers), ask: askRootCertificate },
    { when: (answers) => described(answers) && !passwordIsKnown(answers), ask: askPassword },
    { when: described, ask: askName },
    { when: described, ask: askEnvironment },
    { when: described, ask: askAction },
  ];
}

/** The last question alone: asked again after a test. */
export const actionAgain: Asked[] = [{ ask: (input, answers) => askAction(input, answers) }];

async function askSource(choices: ConnectChoices, input: Input, answers: ConnectAnswers): Promise<void> {
  const items: Choice<Source>[] = [
    ...choices.saved.map((connection) => ({
      label: `$(database) ${connection.name}`,
      description: environmentWord(connection.environment),
      detail: describe(connection),
      value: { kind: 'saved' as const, connection },
    })),
    ...choices.found.map((found) => ({
      label: `$(search) ${found.connection.name}`,
      description: t('found in {0}', found.source),
      detail: describe(found.connection),
      value: { kind: 'found' as const, found },
    })),
    {
      label: `$(link) ${t('Enter a URL')}`,
      detail: 'postgresql://user@host:5432/database',
      value: { kind: 'url' },
    },
    { label: `$(list-flat) ${t('Enter Host, Database and User')}`, value: { kind: 'fields' } },
    {
      label: `$(package) ${t('Use the Embedded Database')}`,
      detail: t('Nothing to install; for trying things out'),
      value: { kind: 'embedded' },
    },
  ];
  const chosen = items.find(({ value }) => isSource(value, answers));
  const source = await input.pick({
    placeholder: t('Which database?'),
    choices: items,
    active: chosen?.value,
  });
  // A password that was found belongs to where it was found.
  if (source.kind !== answers.source) answers.password = null;
  answers.source = source.kind;
  if (source.kind === 'saved') answers.connection = source.connection;
  if (source.kind === 'found') {
    const { connection } = source.found;
    // A file of the workspace must not change what the user keeps: how it is guarded, and how its password is sent.
    answers.connection = { ...(savedOf(choices.saved, connection) ?? connection) };
    answers.password = source.found.password;
  }
}

/** Whether it is what was chosen before going back. */
function isSource(source: Source, { source: kind, connection }: ConnectAnswers): boolean {
  if (source.kind !== kind) return false;
  return source.kind !== 'found' || source.found.connection.id === connection.id;
}

function describe(connection: Connection): string {
  return `${connection.user}@${connection.host}:${connection.port}/${connection.database}`;
}

async function askUrl({ saved }: ConnectChoices, input: Input, answers: ConnectAnswers): Promise<void> {
  const text = await input.text({
    prompt: t('The URL. A password in it is kept in the secret storage only.'),
    placeholder: 'postgresql://user:password@host:5432/database?sslmode=verify-full',
    value: '',
    validate: urlProblem,
  });
  const parsed = parseConnectionUrl(text);
  const known = savedOf(saved, parsed.connection);
  answers.connection = known ? typedOver(known, parsed.connection) : parsed.connection;
  answers.password = parsed.password;
}

function urlProblem(text: string): string | undefined {
  try {
    parseConnectionUrl(text);
    return undefined;
  } catch (error) {
    if (isSwitchbackError(error)) return error.sentence;
    throw error;
  }
}

const required = (value: string): string | undefined =>
  value.trim() === '' ? t('This must not be empty.') : undefined;

async function askHost(input: Input, answers: ConnectAnswers): Promise<void> {
  const host = await input.text({
    prompt: t('Host name, address, or path of a socket folder'),
    value: answers.connection.host,
    validate: required,
  });
  answers.connection = { ...answers.connection, host: host.trim() };
}

async function askPort(input: Input, answers: ConnectAnswers): Promise<void> {
  const port = await input.text({
    prompt: t('Port'),
    value: String(answers.connection.port),
    validate: (value) =>
      /^\d+$/.test(value) && Number(value) > 0 && Number(value) < 65536
        ? undefined
        : t('A port is a number from 1 to 65535.'),
  });
  answers.connection = { ...answers.connection, port: Number(port) };
}

async function askDatabase(input: Input, answers: ConnectAnswers): Promise<void> {
  const database = await input.text({
    prompt: t('Database'),
    value: answers.connection.database,
    validate: required,
  });
  answers.connection = { ...answers.connection, database };
}

async function askUser({ saved }: ConnectChoices, input: Input, answers: ConnectAnswers): Promise<void> {
  const user = await input.text({ prompt: t('User'), value: answers.connection.user, validate: required });
  const connection = { ...answers.connection, user };
  answers.connection = savedOf(saved, connection) ?? connection;
}

function sslDetail(mode: SslMode): string {
  switch (mode) {
    case 'disable':
      return t('Never encrypted');
    case 'allow':
      return t('Unencrypted first, encrypted where the server insists');
    case 'prefer':
      return t('Encrypted first, unencrypted where the server refuses');
    case 'require':
      return t('Encrypted; the certificate is not checked');
    case 'verify-ca':
      return t('Encrypted; the certificate must be signed by a trusted authority');
    case 'verify-full':
      return t('Encrypted; the certificate must also be for this host');
  }
}

async function askSsl(input: Input, answers: ConnectAnswers): Promise<void> {
  const sslmode = await input.pick({
    placeholder: t('How is the connection encrypted (sslmode)?'),
    active: answers.connection.sslmode,
    choices: sslModes.map((mode) => ({ label: mode, detail: sslDetail(mode), value: mode })),
  });
  answers.connection = { ...answers.connection, sslmode };
}

function checksCertificate({ connection }: ConnectAnswers): boolean {
  return connection.sslmode === 'verify-ca' || connection.sslmode === 'verify-full';
}

async function askRootCertificate(input: Input, answers: ConnectAnswers): Promise<void> {
  const file = await input.text({
    prompt: t('Path of the PEM file with the authority to trust; empty for those of the system'),
    value: answers.connection.sslRootCert ?? '',
  });
  answers.connection = { ...answers.connection, sslRootCert: file.trim() === '' ? undefined : file.trim() };
}

/** A password that was found beside the connection is not asked for. */
function passwordIsKnown({ source, password }: ConnectAnswers): boolean {
  return source === 'found' && password !== null;
}

async function askPassword(input: Input, answers: ConnectAnswers): Promise<void> {
  const password = await input.text({
    prompt: t('Password of {0}; empty keeps the stored one, or none', answers.connection.user),
    value: answers.password ?? '',
    password: true,
  });
  answers.password = password === '' ? null : password;
}

async function askName(input: Input, answers: ConnectAnswers): Promise<void> {
  const name = await input.text({
    prompt: t('A name for this connection'),
    value: answers.connection.name,
    validate: required,
  });
  answers.connection = { ...answers.connection, name: name.trim() };
}

const environments: readonly Environment[] = ['development', 'staging', 'production'];

async function askEnvironment(input: Input, answers: ConnectAnswers): Promise<void> {
  const environment = await input.pick({
    placeholder: t('Which environment is it?'),
    active: answers.connection.environment,
    choices: environments.map((value) => ({
      label: environmentWord(value),
      detail:
        value === 'production'
          ? t("Nothing runs until its gates hold and you type the database's name")
          : undefined,
      value,
    })),
  });
  answers.connection = { ...answers.connection, environment, id: connectionId(answers.connection) };
}

async function askAction(input: Input, answers: ConnectAnswers): Promise<void> {
  answers.action = await input.pick({
    placeholder: describe(answers.connection),
    choices: [
      { label: `$(plug) ${t('Connect')}`, value: 'connect' as const },
      { label: `$(beaker) ${t('Test the Connection')}`, value: 'test' as const },
    ],
  });
}
