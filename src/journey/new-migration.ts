import path from 'node:path';
import { readTableFacts } from '../catalog/read-table-facts';
import type { TableFacts } from '../catalog/table-facts';
import type { MigrationChange, NewMigrationAnswers } from '../implement/new-migration/answers';
import { codeFiller } from '../implement/scaffold/code-filler';
import { checkChange } from '../implement/new-migration/check-answers';
import { migrationOf, type MigrationMaterial } from '../implement/new-migration/migration-of';
import { renderSql } from '../implement/new-migration/render-sql';
import { renderScript } from '../implement/new-migration/render-script';
import { scriptMigration } from '../implement/new-migration/script-migration';
import { scriptSyntax } from '../implement/new-migration/script-syntax';
import { writtenVersions } from '../implement/new-migration/written-versions';
import { detectLayout } from '../layouts/detect-layouts';
import type { Layout, Migration } from '../layouts/layout';
import type { SealedFiles } from '../layouts/new-migration';
import { sealComposed } from '../layouts/seal-composed';
import { fileWords } from '../layouts/versions';
import { plainPair } from '../layouts/plain-pair';
import { isSwitchbackError, SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { loadParser } from '../sql/parser';
import type { Database } from './database';
import { templateFolders } from './release';
import type { JourneyContext } from './workspace';

/**
 * Writes a new migration with its way back, with the folder's next version, and gives the paths written. What the
 * answers leave open (a key, a type) is read from the database. Throws `invalid-input` where it is not known.
 */
export async function newMigration(
  context: JourneyContext,
  database: Database | null,
  answers: NewMigrationAnswers,
): Promise<string[]> {
  const parser = await loadParser();
  checkName(answers.name);
  checkChange(parser, answers.change);
  const layout = (await detectLayout(answers.folder, context.files))?.layout ?? plainPair;
  const existing = await writtenVersions(layout, answers.folder, context.files);
  const table = database && (await tableFacts(database, answers.change));
  const version = nextVersionOf(layout, answers, existing, context.clock.now());
  const material: MigrationMaterial = { parser, name: answers.name, version, table };
  const files =
    answers.language === 'sql'
      ? await composeSql(context, layout, answers, existing, material)
      : { files: [await composeScript(context, answers, material)], beside: [] };
  for (const file of files.files) await refuseExisting(context, file.path);
  for (const file of [...files.files, ...files.beside]) await context.files.write(file.path, file.text);
  return files.files.map((file) => file.path);
}

async function composeSql(
  context: JourneyContext,
  layout: Layout,
  answers: NewMigrationAnswers,
  existing: readonly Migration[],
  material: MigrationMaterial,
): Promise<SealedFiles> {
  const migration = migrationOf(answers.change, material);
  const text = await renderSql(migration, context.files, templateFolders(context));
  const { folder, name } = answers;
  const { transactional } = migration;
  const fill = await codeFiller(layout, folder, context.files, templateFolders(context));
  const request = { folder, name, ...text, transactional, now: context.clock.now(), fill };
  return sealComposed(layout, layout.compose(request, existing), context.files);
}

async function composeScript(
  context: JourneyContext,
  { folder, language, change }: NewMigrationAnswers,
  material: MigrationMaterial,
): Promise<{ path: string; text: string }> {
  const syntax = language === 'typescript' ? language : await scriptSyntax(folder, context.files);
  const migration = scriptMigration(change, material);
  const file = `${material.version}_${fileWords(material.name)}.${language === 'typescript' ? 'ts' : 'js'}`;
  return {
    path: path.join(folder, file),
    text: await renderScript(migration, syntax, context.files, templateFolders(context)),
  };
}

/** The version that compose will give: a checkpoint is named after it. */
function nextVersionOf(
  layout: Layout,
  { folder, name }: NewMigrationAnswers,
  existing: readonly Migration[],
  now: Date,
): string {
  return layout.compose({ folder, name, up: '', down: null, transactional: true, now }, existing)[0]!.version;
}

async function tableFacts(database: Database, change: MigrationChange): Promise<TableFacts | null> {
  if (change.kind === 'empty') return null;
  try {
    return await readTableFacts(database.session, change.table);
  } catch (error) {
    // A migration that is still pending may make the table.
    if (isSwitchbackError(error, 'not-found')) return null;
    throw error;
  }
}

function checkName(name: string): void {
  if (name.trim() !== '') return;
  throw new SwitchbackError(
    'invalid-input',
    t('A migration needs a name. Type a few words, for example add users status.'),
  );
}

async function refuseExisting(context: JourneyContext, file: string): Promise<void> {
  if (!(await context.files.exists(file))) return;
  throw new SwitchbackError(
    'already-done',
    t(
      '{0} is there already and was left as it is. Choose another name.',
      path.relative(context.workspace.root, file),
    ),
  );
}
