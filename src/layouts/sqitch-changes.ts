import path from 'node:path';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { Files } from '../ports/files';
import { fileNames } from './file-names';
import type { Migration } from './layout';
import type { ComposedFile, SealedFiles } from './new-migration';
import type { Person, PlannedChange } from './planned-change';
import { sqitchPerson } from './sqitch-configuration';
import { parseSqitchPlan, type SqitchChange, type SqitchPlan } from './sqitch-plan';

export const planFile = 'sqitch.plan';

/** Where the scripts of one direction lie, from the folder of the plan. */
export const scriptFolders = { up: 'deploy', down: 'revert', verify: 'verify' } as const;

/** The changes of a folder's plan in its order; none where there is no plan. Throws `invalid-file` for one that Sqitch refuses. */
export async function plannedMigrations(folder: string, files: Files): Promise<Migration[]> {
  const file = path.join(folder, planFile);
  const text = await files.readIfExists(file);
  if (text === null) return [];
  const plan = parseSqitchPlan(text, file);
  const scripts = await scriptsOf(folder, plan, files);
  const { email } = await sqitchPerson(folder, files);
  return plan.changes.map((change) => migrationOf(folder, plan, change, scripts, email));
}

/**
 * Composed changes with a line each at the end of the plan, as `sqitch add` writes it, and a script that verifies nothing
 * yet. A change that the plan has already keeps its line. Throws `not-found` where there is no plan.
 */
export async function addToPlan(
  composed: readonly ComposedFile[],
  folder: string,
  files: Files,
): Promise<SealedFiles> {
  const file = path.join(folder, planFile);
  const before = await files.readIfExists(file);
  if (before === null)
    throw new SwitchbackError('not-found', t('There is no {0}. Make one with "sqitch init".', file));
  const planner = await sqitchPerson(folder, files);
  const beside: SealedFiles['beside'] = [];
  const versions = new Map<string, string>();
  let text = before;
  for (const up of composed.filter(({ direction }) => direction === 'up')) {
    const change = path.basename(up.path, '.sql');
    if (!named(parseSqitchPlan(text, file), change)) text = withLine(text, file, change, up.planned, planner);
    const plan = parseSqitchPlan(text, file);
    versions.set(change, named(plan, change)!.id);
    const verify = path.join(folder, scriptFolders.verify, `${change}.sql`);
    if (!(await files.exists(verify)))
      beside.push({
        path: verify,
        text: `-- Verify ${plan.project}:${change} on pg\n\nBEGIN;\n\nROLLBACK;\n`,
      });
  }
  if (text !== before) beside.push({ path: file, text });
  const { project } = parseSqitchPlan(text, file);
  return { files: composed.map((each) => titled(each, project, versions)), beside };
}

/** With the first line that the tool gives its scripts, and the id that the plan now gives the change. */
function titled(
  { planned: _, ...file }: ComposedFile,
  project: string,
  versions: ReadonlyMap<string, string>,
): ComposedFile {
  const change = path.basename(file.path, '.sql');
  const title =
    file.direction === 'up'
      ? `-- Deploy ${project}:${change} to pg`
      : `-- Revert ${project}:${change} from pg`;
  return { ...file, version: versions.get(change) ?? file.version, text: `${title}\n\n${file.text}` };
}

function named(plan: SqitchPlan, change: string): SqitchChange | undefined {
  return plan.changes.findLast((each) => each.change === change);
}

/** A change behind a tag is set off by an empty line. */
function withLine(
  text: string,
  file: string,
  change: string,
  planned: ComposedFile['planned'],
  planner: Person,
): string {
  const last = parseSqitchPlan(text, file).changes.at(-1);
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  const ended = text.endsWith('\n') ? text : text + lineEnd;
  const gap = /\n\r?\n$/.test(ended) || (last && last.tags.length === 0) ? '' : lineEnd;
  const at = `${(planned?.at ?? new Date(0)).toISOString().slice(0, 19)}Z`;
  const note = planned?.note ? ` # ${planned.note}` : '';
  return `${ended}${gap}${change} ${at} ${planner.name} <${planner.email}>${note}${lineEnd}`;
}

interface Scripts {
  up: ReadonlySet<string>;
  down: ReadonlySet<string>;
}

/** Relative paths, without ending, of the scripts in the folders that the plan's names lead to. */
async function scriptsOf(folder: string, plan: SqitchPlan, files: Files): Promise<Scripts> {
  const places = [...new Set(plan.changes.map(({ change }) => path.posix.dirname(change)))];
  const found = async (direction: 'up' | 'down'): Promise<Set<string>> => {
    const names = await Promise.all(
      places.map(async (place) => {
        const entries = await files.list(path.join(folder, scriptFolders[direction], place));
        return fileNames(entries)
          .filter((name) => name.endsWith('.sql'))
          .map((name) => path.posix.join(place, name.slice(0, -'.sql'.length)));
      }),
    );
    return new Set(names.flat());
  };
  return { up: await found('up'), down: await found('down') };
}

function migrationOf(
  folder: string,
  { project, uri }: SqitchPlan,
  change: SqitchChange,
  scripts: Scripts,
  committerEmail: string,
): Migration {
  const { note, plannedAt, planner, requires, conflicts, tags } = change;
  const stem = fileStem(change, scripts);
  const fileIn = (direction: 'up' | 'down'): string =>
    path.join(folder, scriptFolders[direction], ...`${stem}.sql`.split('/'));
  const planned: PlannedChange = {
    project,
    uri,
    change: change.change,
    note,
    plannedAt,
    planner,
    requires,
    conflicts,
    tags,
    committerEmail,
  };
  return {
    version: change.id,
    name: stem,
    folder,
    layout: 'sqitch',
    upPath: fileIn('up'),
    downPath: scripts.down.has(stem) ? fileIn('down') : null,
    planned,
    ...(scripts.up.has(stem) ? {} : { problems: [missingScript(change.change, stem)] }),
  };
}

function missingScript(change: string, stem: string): string {
  const script = `${scriptFolders.up}/${stem}.sql`;
  return t('{0} is planned and has no file {1}. Write it, or take it out of {2}.', change, script, planFile);
}

/** A reworked change keeps its scripts under a name with a tag: the first of them that is there. */
function fileStem({ change, reworkTags }: SqitchChange, { up }: Scripts): string {
  const names = reworkTags.map((tag) => `${change}${tag}`);
  return names.find((name) => up.has(name)) ?? names[0] ?? change;
}
