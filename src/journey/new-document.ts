import path from 'node:path';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { datedId } from '../documents/dated-id';
import { inPlanFolder, planFiles } from '../documents/plan-folder';
import type { DocumentHead } from '../documents/plan-document';
import type {
  ChecklistAnswers,
  KnownDatabase,
  PlanAnswers,
  RunbookAnswers,
} from '../documents/standalone/answers';
import { standaloneChecklist } from '../documents/standalone/standalone-checklist';
import { standalonePlan } from '../documents/standalone/standalone-plan';
import { standaloneRunbook } from '../documents/standalone/standalone-runbook';
import { renderTemplate } from '../templates/engine';
import type { Database } from './database';
import { knownDatabase } from './known-database';
import { askBeforeOverwriting } from './overwrite';
import { hasPlan, plansFolder } from './plans-folder';
import { templateFolders } from './release';
import type { JourneyContext } from './workspace';

/**
 * Writes a plan document with no plan behind it into a folder of its own, and gives its absolute path. What a
 * connected database tells is filled in. Throws `invalid-input` without a title, `cancelled` where a file is there
 * and is to stay.
 */
export async function newPlanDocument(
  context: JourneyContext,
  database: Database | null,
  answers: PlanAnswers,
): Promise<string[]> {
  const { head, known, thresholds } = await prepare(context, database, answers.title);
  const { createdAt: takenAt } = head;
  return write(
    context,
    head,
    'plan',
    standalonePlan({ head, answers, database: known, takenAt, thresholds }),
  );
}

/** Writes a rollback runbook with no plan behind it; as `newPlanDocument`. */
export async function newRunbook(
  context: JourneyContext,
  database: Database | null,
  answers: RunbookAnswers,
): Promise<string[]> {
  const { head, known, thresholds } = await prepare(context, database, answers.title);
  return write(context, head, 'rollback', standaloneRunbook({ head, answers, database: known, thresholds }));
}

/** Writes a checklist with no plan behind it; as `newPlanDocument`. */
export async function newChecklist(
  context: JourneyContext,
  database: Database | null,
  answers: ChecklistAnswers,
): Promise<string[]> {
  const { head, known, thresholds } = await prepare(context, database, answers.title);
  return write(
    context,
    head,
    'checklist',
    standaloneChecklist({ head, answers, database: known, thresholds }),
  );
}

interface Preparation {
  head: DocumentHead;
  known: KnownDatabase | null;
  thresholds: JourneyContext['workspace']['configuration']['thresholds'];
}

async function prepare(
  context: JourneyContext,
  database: Database | null,
  title: string,
): Promise<Preparation> {
  if (title.trim() === '') {
    throw new SwitchbackError('invalid-input', t('The document has no title. Give it one.'));
  }
  const createdAt = context.clock.now().toISOString();
  const id = await freeId(context, datedId(title, createdAt));
  return {
    head: { id, title: title.trim(), createdAt },
    known: database && (await knownDatabase(database, context.signal)),
    thresholds: context.workspace.configuration.thresholds,
  };
}

/** The folder of a plan of Switchback is its own: a document of the same name goes beside it. */
async function freeId(context: JourneyContext, wanted: string): Promise<string> {
  let id = wanted;
  for (let number = 2; await hasPlan(context, path.join(plansFolder(context), id)); number += 1) {
    id = `${wanted}-${number}`;
  }
  return id;
}

async function write(
  context: JourneyContext,
  head: DocumentHead,
  kind: 'plan' | 'rollback' | 'checklist',
  document: object,
): Promise<string[]> {
  const { shipped, override } = templateFolders(context);
  const name = planFiles[kind];
  const text = await renderTemplate({
    name: `${name}.hbs`,
    context: document,
    shippedFolder: shipped,
    overrideFolder: override,
    files: context.files,
  });
  const file = inPlanFolder(path.join(plansFolder(context), head.id), name);
  const shown = path.relative(context.workspace.root, file);
  await askBeforeOverwriting(context, [{ path: file, text }], {
    title: t('{0} is there already.', shown),
    kept: t('{0} was left as it is. Choose another title, or rename the file.', shown),
  });
  await context.files.write(file, text);
  return [file];
}
