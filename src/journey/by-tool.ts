import { connectionEnvironment } from '../database/connection-environment';
import { withPasswordFile } from '../database/password-file';
import type { Direction, History, Layout, Migration, MigrationStatus, ToolCommand } from '../layouts/layout';
import { migrationTitle } from '../layouts/migration-title';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { ProgramEnd } from '../ports/programs';
import type { Database } from './database';
import type { JourneyContext } from './workspace';

/** What the tool is called for. */
export type ToolAction = Direction | 'emit' | 'generate';

/**
 * Runs a command of the team's tool on a database, which it is led to by its environment. Throws `untrusted-workspace`,
 * and `step-failed` with its last words where it fails.
 */
export async function runTool(
  context: JourneyContext,
  database: Database | null,
  layout: Pick<Layout, 'title'>,
  { program, args, folder }: ToolCommand,
): Promise<ProgramEnd> {
  if (!context.workspace.trusted) {
    throw new SwitchbackError(
      'untrusted-workspace',
      t(
        '{0} is a program of this workspace, which is not trusted. Trust the workspace to run it.',
        layout.title,
      ),
    );
  }
  const title = [program, ...args].join(' ');
  context.progress.report({ message: t('Running {0}', title) });
  const { signal } = context;
  const run = (environment: Record<string, string>): Promise<ProgramEnd> =>
    context.programs.run({ title, program, args, folder, environment, signal });
  const end = database
    ? await withPasswordFile(database.connection, await database.secret(), (passwords) =>
        run({ ...connectionEnvironment(database.connection), ...passwords }),
      )
    : await run({});
  if (end.code === 0) return end;
  throw new SwitchbackError('step-failed', t('{0} failed ({1}): {2}', layout.title, title, lastWords(end)));
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

/** How one migration in code is run on a database: by its tool. Undefined for one in SQL. */
export function byTool(
  context: JourneyContext,
  database: Database,
  layout: Layout,
  migration: Migration,
): ((direction: Direction) => Promise<void>) | undefined {
  const run = layout.tool?.run;
  if (!migration.isCode || !run) return undefined;
  return async (direction) => {
    if (database.connection.kind === 'embedded') {
      throw new SwitchbackError(
        'invalid-input',
        t(
          '{0} cannot reach the embedded database, which only Switchback talks to. Connect to a server to run migrations in code.',
          layout.title,
        ),
      );
    }
    const values = { name: migration.name, version: migration.version, file: migration.upPath };
    const command = await commandFor(context, layout, direction, values, () =>
      run.command(migration, direction, context.files),
    );
    await runTool(context, database, layout, command);
  };
}

/** Asks before the tool runs more than was asked for. Throws `confirmation-needed` after a no, else as `runAlong`. */
export async function confirmRunAlong(
  context: JourneyContext,
  layout: Layout,
  others: readonly MigrationStatus[],
  { version, direction }: { version: string; direction: Direction },
): Promise<void> {
  if (others.length === 0) return;
  const names = others.map(migrationTitle).join(', ');
  const agreed = await context.prompt.confirm({
    id: 'run-along',
    title:
      direction === 'up'
        ? t('{0} applies {1} more with {2}.', layout.title, others.length, version)
        : t('{0} takes back {1} more with {2}.', layout.title, others.length, version),
    detail: t('These run too: {0}.', names),
    accept: direction === 'up' ? t('Apply All of Them') : t('Roll Back All of Them'),
  });
  if (agreed) return;
  throw new SwitchbackError(
    'confirmation-needed',
    t('Nothing was run: {0} cannot run {1} alone.', layout.title, version),
  );
}

/**
 * What one call of the tool runs beside the migration that is meant. Throws `invalid-input` where it would take back
 * another one than that.
 */
export function runAlong(
  layout: Layout,
  { statuses, history }: { statuses: readonly MigrationStatus[]; history: Pick<History, 'applied'> },
  migration: Migration,
  direction: Direction,
): MigrationStatus[] {
  const run = layout.tool?.run;
  if (!migration.isCode || !run) return [];
  const place = statuses.findIndex(({ version }) => version === migration.version);
  const others = (from: number, to: number, state: MigrationStatus['state']): MigrationStatus[] =>
    statuses.slice(from, to).filter((status, index) => status.state === state && from + index !== place);
  if (direction === 'up') {
    if (run.applies === 'one') return [];
    return others(0, run.applies === 'all' ? statuses.length : place, 'pending');
  }
  if (run.takesBack === 'from') return others(place + 1, statuses.length, 'applied');
  // Applied out of order, the last is not the one of the highest version.
  const last = history.applied.at(-1);
  if (run.takesBack === 'one' || !last || last.version === migration.version) return [];
  throw new SwitchbackError(
    'invalid-input',
    t(
      '{0} takes back the last one alone, which is {1}. Roll that one back before {2}.',
      layout.title,
      migrationTitle({ version: last.version, name: last.name ?? '' }),
      migration.version,
    ),
  );
}
