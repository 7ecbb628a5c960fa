import type { Connection } from '../database/connection';
import { connectionEnvironment, leadsElsewhere } from '../database/connection-environment';
import { withPasswordFile } from '../database/password-file';
import type { Direction, Layout } from '../layouts/layout';
import type { ToolCommand } from '../layouts/layout-tool';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { ProgramEnd } from '../ports/programs';
import type { Database } from './database';
import type { JourneyContext } from './workspace';

/** What the tool is called for. */
export type ToolAction = Direction | 'emit' | 'generate';

/** A database to lead a tool to; its session tells how it was reached. */
export type ReachedDatabase = Pick<Database, 'connection' | 'secret'> & Partial<Pick<Database, 'session'>>;

/**
 * Runs a command of the team's tool on a database, which it is led to by its environment alone unless it finds its own.
 * `options`: settings of its sessions, as libpq's PGOPTIONS. Throws `untrusted-workspace`, and `step-failed` with its last words where it fails.
 */
export async function runTool(
  context: JourneyContext,
  database: ReachedDatabase | null,
  layout: Pick<Layout, 'title' | 'tool'>,
  { program, args, folder }: ToolCommand,
  options = '',
): Promise<ProgramEnd> {
  assertTrusted(context, layout);
  const title = [program, ...args].join(' ');
  context.progress.report({ message: t('Running {0}', title) });
  const { signal } = context;
  const isLed = database !== null && !layout.tool?.ownDatabase;
  const connection = isLed ? await settledConnection(database) : null;
  const call = { title, program, args, folder, signal };
  const end =
    isLed && connection
      ? await withPasswordFile(database.connection, await database.secret(), (passwords) =>
          context.programs.run({
            ...call,
            environment: { ...connectionEnvironment(connection, options), ...passwords },
            withholds: leadsElsewhere,
          }),
        )
      : await context.programs.run({ ...call, environment: {} });
  if (end.code === 0) return end;
  throw new SwitchbackError('step-failed', t('{0} failed ({1}): {2}', layout.title, title, lastWords(end)));
}

/**
 * With what the sslmode `prefer` came to: node-postgres takes it for a demand, and fails at a server without TLS.
 * https://node-postgres.com/features/ssl
 */
async function settledConnection({ connection, session }: ReachedDatabase): Promise<Connection> {
  if (connection.sslmode !== 'prefer' || !session) return connection;
  const { rows } = await session.query<{ ssl: boolean }>(
    'select ssl from pg_stat_ssl where pid = pg_backend_pid()',
  );
  return rows[0]?.ssl === false ? { ...connection, sslmode: 'disable' } : connection;
}

/** Throws `untrusted-workspace`: a tool is a program of the workspace. */
export function assertTrusted({ workspace }: JourneyContext, { title }: Pick<Layout, 'title'>): void {
  if (workspace.trusted) return;
  throw new SwitchbackError(
    'untrusted-workspace',
    t('{0} is a program of this workspace, which is not trusted. Trust the workspace to run it.', title),
  );
}

/** The end of what a program said, as one line. */
function lastWords({ output, errors, code }: ProgramEnd): string {
  const said = (errors.trim() || output.trim()).replace(escapeSequences, '');
  const lines = said.split(/\r?\n/).map((line) => line.trim());
  const telling = lines.filter((line) => line !== '' && !/^(?:at |npm )/.test(line));
  return (
    telling.slice(-4).join(' ').slice(-600) || t('it ended with exit code {0} and said nothing', code ?? '-')
  );
}

const escapeSequences = /\u001b\[[0-9;]*m/g;

/** The command that the configuration names for an action of a tool, else the tool's own. Throws `not-found`. */
export async function commandFor(
  context: JourneyContext,
  layout: Layout,
  action: ToolAction,
  values: { name: string; version: string; file: string },
  usual: () => Promise<ToolCommand>,
): Promise<ToolCommand> {
  const written = context.workspace.configuration.toolCommands[layout.id]?.[action];
  if (!written) return usual();
  const [program, ...args] = written.map((word) =>
    word.replace(/\{(name|version|file)\}/g, (_, key: keyof typeof values) => values[key]),
  );
  return { program: program!, args, folder: context.workspace.root };
}
