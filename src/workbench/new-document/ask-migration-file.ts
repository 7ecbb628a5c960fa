import type { MigrationLanguage } from '../../implement/new-migration/answers';
import { t } from '../../messages/translate';
import type { MultiStepInput } from '../multi-step-input';
import { usualName, type MigrationDraft, type MigrationKind } from './migration-draft';

/** A migrations folder: its path relative to the workspace, and the tool it belongs to. */
export interface FolderChoice {
  label: string;
  title: string;
}

/** What the migration does; it decides what else is asked. */
export async function askKind(input: MultiStepInput, draft: MigrationDraft): Promise<void> {
  draft.kind = await input.pick<MigrationKind>({
    placeholder: t('What does the migration do?'),
    active: draft.kind,
    choices: [
      {
        label: t('Add a Column'),
        detail: t('optional, with a default, or required and filled'),
        value: 'add-column',
      },
      {
        label: t('Drop a Column'),
        detail: t('the way back adds it again, without its data'),
        value: 'drop-column',
      },
      {
        label: t('Rename a Column at Once'),
        detail: t('code that uses the old name stops working'),
        value: 'rename-column',
      },
      {
        label: t("Change a Column's Type"),
        detail: t('converts every value, and back'),
        value: 'change-type',
      },
      { label: t('Create an Index'), detail: t('without blocking writes'), value: 'create-index' },
      { label: t('Backfill a Column'), detail: t('in batches that can be resumed'), value: 'backfill' },
      { label: t('Something Else'), detail: t('an up and a down to write by hand'), value: 'empty' },
    ],
  });
}

/** SQL, or one module with both directions. */
export async function askLanguage(
  codeTool: string | null,
  input: MultiStepInput,
  draft: MigrationDraft,
): Promise<void> {
  draft.language = await input.pick<MigrationLanguage>({
    placeholder: t('In which language?'),
    active: draft.language,
    choices: [
      codeTool === null
        ? {
            label: 'SQL',
            detail: t('an up and a down file, named as your migration tool wants them'),
            value: 'sql',
          }
        : {
            label: t('As the folder has it'),
            detail: t('a program that {0} runs, or files of SQL', codeTool),
            value: 'sql',
          },
      { label: 'TypeScript', detail: t('one module with up(db) and down(db) on pg'), value: 'typescript' },
      { label: 'JavaScript', detail: t('one module with up(db) and down(db) on pg'), value: 'javascript' },
    ],
  });
}

/** One of the migrations folders, else a new one below the workspace. */
export async function askFolder(
  folders: readonly FolderChoice[],
  input: MultiStepInput,
  draft: MigrationDraft,
): Promise<void> {
  if (folders.length > 0) {
    draft.folder = await input.pick({
      placeholder: t('Into which folder?'),
      active: draft.folder,
      choices: folders.map(({ label, title }) => ({ label, description: title, value: label })),
    });
    return;
  }
  const relative = await input.text({
    prompt: t('Folder for migrations, relative to the workspace; it is made where it is missing'),
    value: draft.folder === '' ? 'migrations' : draft.folder,
    validate: folderProblem,
  });
  draft.folder = relative.trim();
}

/** A folder below the workspace, named relative to it. */
export function folderProblem(text: string): string | undefined {
  const relative = text.trim();
  if (relative === '') return t('This must not be empty.');
  const outside = /^([\\/]|[A-Za-z]:)/.test(relative) || relative.split(/[\\/]/).includes('..');
  return outside ? t('The folder must lie inside the workspace: name it relative to it.') : undefined;
}

/** Words for the name of the file; they follow the change until somebody types others. */
export async function askName(input: MultiStepInput, draft: MigrationDraft): Promise<void> {
  const usual = usualName(draft);
  const name = await input.text({
    prompt: t('Words for the name of the file; its version is the next free one'),
    value: draft.name ?? usual,
    validate: (value) =>
      /[\p{L}\p{N}]/u.test(value) ? undefined : t('The name of the file needs a letter or a digit.'),
  });
  draft.name = name.trim() === usual ? null : name.trim();
}
