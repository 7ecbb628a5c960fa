import path from 'node:path';
import { schemaSql } from '../../database/switchback-schema';
import { planLockClass } from '../../database/advisory-lock';
import type { GeneratedFile } from '../../documents/write-generated';
import { layoutById } from '../../layouts/layouts';
import { withHistoryTable } from '../../layouts/with-history-table';
import { phaseTitle } from '../../documents/phase-title';
import type { Files } from '../../ports/files';
import { loadParser } from '../../sql/parser';
import { renderTemplate } from '../../templates/engine';
import type { TemplateFolders } from '../scaffold/migration-text';
import { historySql } from './history-sql';
import { rollbackWords } from './plan-script-set';
import type { ScriptSet, ScriptStep } from './script-set';
import { stepScripts, type ScriptText } from './step-scripts';

/** Names of the files every set has, with their templates; those of steps come beside them. */
const sharedFiles: readonly string[] = [
  'migrate-forward.sh',
  'migrate-rollback.sh',
  'migrate-verify.sh',
  'migrate-dry-run.sh',
  'cleanup.sh',
  'README.md',
  'plan.sh',
  'env/example.env',
  ...['start', 'log', 'options', 'environment', 'database', 'steps', 'history', 'gates', 'backfill'].map(
    library,
  ),
  ...['forward', 'backward', 'preview'].map(library),
  ...['server', 'rights', 'needed-bytes', 'copied', 'adopt-copy', 'lock-holder', 'take-over', 'fence'].map(
    sql,
  ),
  ...['states', 'save-state', 'begin-step', 'record-step', 'set-step', 'start-again', 'wait-ends'].map(sql),
  ...['evidence', 'record-evidence', 'long-transactions', 'replica-lag', 'dry-run'].map(sql),
  ...['ask', 'as-written', 'relations'].map(sql),
  ...['tool-lock', 'tool-unlock', 'history-state', 'history-begin', 'history-end', 'history-only'].map(sql),
  ...['run-file', 'finish-outside', 'rollback-step', 'backfill-state', 'backfill-over'].map(sql),
];

/** True for the scripts a person starts; the others are read by them. */
export function isProgram(file: string): boolean {
  return /^(migrate-[a-z-]+|cleanup)\.sh$/.test(path.basename(file));
}

function library(name: string): string {
  return `library/${name}.sh`;
}

function sql(name: string): string {
  return `sql/${name}.sql`;
}

/**
 * The bash and psql scripts of a set, by absolute path below `folder`: they keep their records, lock and
 * fencing token where the editor keeps them. Throws as `renderTemplate` does.
 */
export async function scriptFiles(
  set: ScriptSet,
  folder: string,
  files: Files,
  templates: TemplateFolders,
): Promise<GeneratedFile[]> {
  const parser = await loadParser();
  const context = scriptContext(set);
  const shared = sharedFiles.map((name): ScriptText => ({ name, template: `scripts/${name}.hbs`, context }));
  const ignored: ScriptText = { name: '.gitignore', template: 'scripts/gitignore.hbs', context };
  const texts = [...shared, ignored, ...set.steps.flatMap((step) => stepScripts(set, step, parser))];
  const generated: GeneratedFile[] = [];
  for (const text of texts) {
    generated.push({
      path: path.join(folder, ...text.name.split('/')),
      text: await renderTemplate({
        name: text.template,
        context: text.context,
        shippedFolder: templates.shipped,
        overrideFolder: templates.override,
        files,
      }),
    });
  }
  generated.push({
    path: path.join(folder, 'sql', 'install-schema.sql'),
    text: schemaSql(),
  });
  return generated;
}

function scriptContext(set: ScriptSet): object {
  const { options } = set;
  return {
    id: set.id,
    title: set.title,
    oneLine: set.title.replace(/\s+/g, ' '),
    hash: set.hash,
    layout: set.layout,
    migrationsFolder: set.migrationsFolder,
    toWorkspace: set.toWorkspace,
    defaultVersionWidth: set.steps.find((step) => step.migration)?.migration?.width ?? 6,
    lockClass: planLockClass,
    tables: set.tables,
    rewritten: set.rewritten,
    noReturn: set.noReturn ?? { step: '', why: '' },
    history: historySql(withHistoryTable(layoutById(set.layout), set.historyTable)),
    options: {
      lockTimeoutMilliseconds: options.lockTimeoutMilliseconds,
      batchTimeoutMilliseconds: Math.max(1000, 20 * options.batchMilliseconds),
      vacuumPercent: Math.round(options.vacuumShare * 100),
    },
    steps: set.steps.map(stepContext),
  };
}

function stepContext(step: ScriptStep, index: number): object {
  const { migration } = step;
  const files = [step.forward, step.rollbackFile, step.verify, ...step.checks].filter(
    (file) => file !== null,
  );
  return {
    number: index + 1,
    id: step.id,
    kind: step.kind,
    phase: step.phase,
    phaseTitle: phaseTitle(step.phase),
    title: step.title,
    instructions: step.instructions,
    rollback: step.rollback,
    rollbackWhy: step.rollbackWhy,
    rollbackInstructions: step.rollbackInstructions,
    rollbackFile: step.rollbackFile?.file ?? '',
    rollbackWords: rollbackWords(step),
    verify: step.verify?.file ?? '',
    expectation: step.verify?.expectation ?? '',
    verifyUntil: step.verifyUntil,
    againOnRollback: step.backfillAgain,
    validates: step.validates,
    quick: step.quick,
    asWritten: step.asWritten,
    days: step.days,
    migrationName: migration?.name ?? '',
    upSuffix: migration?.upSuffix ?? '',
    downSuffix: migration?.downSuffix ?? '',
    prefix: migration?.prefix ?? '',
    heldUp: migration?.heldUp ?? '',
    heldDown: migration?.heldDown ?? '',
    held: (migration?.held ?? []).map(({ file, sha256 }) => `${sha256} ${file}`),
    existingVersion: migration?.existing?.version ?? '',
    existingUp: migration?.existing?.up ?? '',
    existingDown: migration?.existing?.down ?? '',
    existingSha256: migration?.existing?.upSha256 ?? '',
    files: files.map(({ file, sha256 }) => `${sha256} ${file}`),
    checks: step.checks.map(({ file, title }) => `${file} ${title.replace(/\s+/g, ' ')}`),
    gates: Object.entries(step.gates)
      .filter(([, gates]) => gates.length > 0)
      .map(([environment, gates]) => ({ where: `${step.id}:${environment}`, names: gates.join(' ') })),
  };
}
