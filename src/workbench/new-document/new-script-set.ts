import type { MigrationStatus } from '../../layouts/layout';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { stateWord } from '../migration-words';
import { migrationLabel } from '../migrations-tree';
import { askQuestions, type NativeQuestion } from '../multi-step-input';
import type { Services } from '../services';
import { folderProblem } from './ask-migration-file';
import { titleQuestion } from './fields';
import { prepare, underFreeName, write } from './preparation';
import { showWritten } from './show-written';

/** The migrations of one folder, in the order they run. */
interface MigrationsOfFolder {
  label: string;
  title: string;
  /** Whether a history table tells which of them are applied. */
  known: boolean;
  statuses: MigrationStatus[];
}

interface Answers {
  source: MigrationsOfFolder;
  /** Absolute paths of the up files; null until somebody chose. */
  migrations: string[] | null;
  title: string;
  /** Relative to the workspace; null until somebody typed one: it follows the title. */
  folder: string | null;
}

/** Asks for migrations and writes the scripts that run them with psql. */
export async function createScriptSet(services: Services): Promise<void> {
  const preparation = await prepare(services);
  const { context, defaults } = preparation;
  const { newScriptSet } = await import('../../journey/new-script-set');
  const title = t('New Script Set');
  const sources = await migrationsOf(services, context.workspace.root);
  const answers = await askQuestions(title, questions(sources), {
    source: sources[0]!,
    migrations: null,
    title: t('Migrations of {0}', defaults.project),
    folder: null,
  });
  await showWritten(
    await underFreeName(
      () =>
        write(
          services,
          preparation,
          title,
          (given) =>
            newScriptSet(given, {
              title: answers.title,
              migrations: answers.migrations ?? [],
              folder: answers.folder ?? usualFolder(answers.title),
            }),
          t('Choose Another Folder'),
        ),
      () => askQuestions(title, [folderQuestion], answers),
    ),
  );
}

/** The folders of the workspace that have migrations. Throws `not-found` where none has. */
async function migrationsOf(services: Services, root: string): Promise<MigrationsOfFolder[]> {
  await services.model.refresh();
  const sources = services.model.folders
    .filter((item) => item.workspaceFolder.uri.fsPath === root)
    .flatMap((item) => item.folders)
    .map(({ label, title, historyTable, statuses }) => ({
      label,
      title,
      known: historyTable !== null,
      statuses: statuses.filter((status) => status.migration !== null),
    }))
    .filter((source) => source.statuses.length > 0);
  if (sources.length > 0) return sources;
  throw new SwitchbackError(
    'not-found',
    t('This workspace has no migrations. Run "Switchback: New Migration (Up and Down)…" to write one.'),
  );
}

function questions(sources: readonly MigrationsOfFolder[]): NativeQuestion<Answers>[] {
  return [
    { when: () => sources.length > 1, ask: (...asked) => askSource(sources, ...asked) },
    migrationsQuestion,
    titleQuestion(),
    folderQuestion,
  ];
}

async function askSource(
  sources: readonly MigrationsOfFolder[],
  ...[input, answers]: Parameters<NativeQuestion<Answers>['ask']>
): Promise<void> {
  const source = await input.pick({
    placeholder: t('From which folder?'),
    active: answers.source,
    choices: sources.map((value) => ({ label: value.label, description: value.title, value })),
  });
  if (source !== answers.source) answers.migrations = null;
  answers.source = source;
}

const migrationsQuestion: NativeQuestion<Answers> = {
  ask: async (input, answers) => {
    const { statuses, known } = answers.source;
    answers.migrations = await input.pickMany({
      placeholder: t('Which migrations do the scripts run?'),
      selected: answers.migrations ?? usualChoice(answers.source),
      atLeastOne: t('Choose at least one migration: the scripts run them in this order.'),
      choices: statuses.map((status) => ({
        label: migrationLabel(status),
        description: known ? stateWord(status.state) : undefined,
        value: status.migration!.upPath,
      })),
    });
  },
};

/** What is still to be applied; where nobody knows, the newest migration. */
function usualChoice({ statuses, known }: MigrationsOfFolder): string[] {
  const pending = known ? statuses.filter((status) => status.state === 'pending') : [];
  const chosen = pending.length > 0 ? pending : statuses.slice(-1);
  return chosen.map((status) => status.migration!.upPath);
}

const folderQuestion: NativeQuestion<Answers> = {
  ask: async (input, answers) => {
    const usual = usualFolder(answers.title);
    const folder = await input.text({
      prompt: t('Folder for the scripts, relative to the workspace'),
      value: answers.folder ?? usual,
      validate: folderProblem,
    });
    const chosen = folder.trim().replaceAll('\\', '/').replace(/\/+$/, '');
    answers.folder = chosen === usual ? null : chosen;
  },
};

/** `scripts/migrations-of-shop` */
function usualFolder(title: string): string {
  const words = title.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-');
  return `scripts/${[...words.replace(/^-+|-+$/g, '')].slice(0, 60).join('')}`;
}
