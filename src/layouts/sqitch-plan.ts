import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { Person, PlannedDependency, PlannedTag } from './planned-change';
import { canonicalUri, infoId, writtenUri } from './sqitch-id';

export interface SqitchPlan {
  project: string;
  uri: string | null;
  changes: SqitchChange[];
}

export interface SqitchChange {
  id: string;
  change: string;
  note: string;
  plannedAt: string;
  planner: Person;
  requires: PlannedDependency[];
  conflicts: PlannedDependency[];
  tags: PlannedTag[];
  /** Where a later change of the same name reworks it: the tags after it, by one of which its files are named. */
  reworkTags: string[];
}

const blank = '[\\t\\p{Zs}]';
/** Punctuation of ASCII but for `_`. */
const punctuation = '\\-!"#$%&\'()*+,./:;<=>?@\\[\\\\\\]^`{|}~';
const wordEnd = '(?<=[\\p{L}\\p{M}\\p{N}\\p{Pc}])(?![\\p{L}\\p{M}\\p{N}\\p{Pc}])';
const name = `(?![${punctuation}])(?:(?![~/=%^]\\p{Nd}+(?:$|${blank}))[^\\t\\p{Zs}:@#\\\\])+(?<![${punctuation}])${wordEnd}`;

const blankLine = new RegExp(`^${blank}*(?:#${blank}*(.+)|$)`, 'u');
const noteAtEnd = new RegExp(`${blank}*(?:#${blank}*(.*))?$`, 'u');
const pragmaLine = new RegExp(
  `^${blank}*%${blank}*([^${punctuation}](?:[^\\t\\p{Zs}=]*?[^${punctuation}\\t\\p{Zs}])?)(?:${blank}*=${blank}*(.+))?$`,
  'u',
);
const timeStamp = '(\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}Z)';
const timeStampAnywhere = new RegExp(timeStamp);
const planLine = new RegExp(
  `^${blank}*(?:@|${blank}*[+-]${blank}*)?(?<name>${name})(?:${blank}+)?` +
    `(?:\\[(?<dependencies>[^\\]]+)\\]${blank}*)?(?:(?<at>${timeStamp})${blank}*)?` +
    `(?:(?<planner>[^<]+)${blank}+<(?<email>[^>]+)>)?$`,
  'u',
);
const wholeName = new RegExp(`^${name}$`, 'u');
const dependencyText = new RegExp(
  `^(?<conflicts>!?)(?:(?<project>${name}):)?(?:(?<id>[0-9a-f]{40})|(?<change>${name})(?:@(?<as>${name}))?|@(?<tag>${name}))$`,
  'u',
);

/**
 * The changes of a plan file with the ids that Sqitch gives them, in the order of the plan. Its lines are read as
 * App::Sqitch::Plan of Sqitch 1.3 reads them. Throws `invalid-file`, with the line, for what Sqitch refuses.
 */
export function parseSqitchPlan(text: string, file: string): SqitchPlan {
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''));
  if (lines.at(-1) === '') lines.pop();
  const { pragmas, end } = readPragmas(lines, file);
  const project = pragmas.get('project');
  if (project === undefined)
    throw new SwitchbackError('invalid-file', t('{0} has no line %project. Add one with its name.', file));
  const uri = pragmas.get('uri');
  const plan: SqitchPlan = { project, uri: uri === undefined ? null : writtenUri(uri), changes: [] };
  const state: PlanState = { plan, sinceTag: new Map(), seen: new Map(), tags: new Map(), latest: new Map() };
  for (let index = end; index < lines.length; index += 1) {
    const fail = (sentence: string): SwitchbackError => refused(file, index, sentence);
    if (!blankLine.test(lines[index]!)) addLine(lines[index]!, index, state, fail);
  }
  return plan;
}

interface PlanState {
  plan: SqitchPlan;
  /** Names since the last tag, which may not come twice. */
  sinceTag: Map<string, number>;
  /** Lines of the names and tags so far. */
  seen: Map<string, number>;
  tags: Map<string, number>;
  /** Where each name was planned last. */
  latest: Map<string, number>;
}

type Fail = (sentence: string) => SwitchbackError;

function readPragmas(lines: readonly string[], file: string): { pragmas: Map<string, string>; end: number } {
  const pragmas = new Map<string, string>();
  for (const [index, line] of lines.entries()) {
    const comment = blankLine.exec(line);
    if (comment && comment[1] === undefined) return { pragmas, end: index + 1 };
    if (comment) continue;
    const match = pragmaLine.exec(line.replace(noteAtEnd, ''));
    if (!match) throw refused(file, index, t('an empty line has to follow the lines that begin with %'));
    const [, key, value] = match;
    if (key === 'project' && !wholeName.test(value ?? '1'))
      throw refused(file, index, t('"{0}" is no name for a project', value ?? '1'));
    pragmas.set(key!, value ?? '1');
  }
  return { pragmas, end: lines.length };
}

function addLine(line: string, index: number, state: PlanState, fail: Fail): void {
  const note = noteOf(noteAtEnd.exec(line)?.[1] ?? '');
  const content = line.replace(noteAtEnd, '');
  const parts = planLine.exec(content)?.groups;
  if (!parts || (parts.at === undefined && timeStampAnywhere.test(content)))
    throw fail(t('it is no change and no tag: a name, a time as 2024-01-31T12:00:00Z, a planner <email>'));
  const { name: named, at, planner, email, dependencies } = parts as Record<string, string>;
  if (at === undefined || !isTime(at)) throw fail(t('"{0}" has no time, as 2024-01-31T12:00:00Z', named!));
  if (planner === undefined) throw fail(t('"{0}" has no planner with an email', named!));
  if (named === 'HEAD' || named === 'ROOT')
    throw fail(t('"{0}" is a name that Sqitch keeps for itself', named));
  if (/^[0-9a-f]{40}/.test(named!)) throw fail(t('"{0}" looks like the id of a change', named!));
  const entry: Entry = { name: named!, note, plannedAt: at, planner: { name: planner, email: email! } };
  if (/^[\t\p{Zs}]*@/u.test(content)) addTag(entry, dependencies, index, state, fail);
  else addChange(entry, dependencies, index, state, fail);
}

interface Entry {
  name: string;
  note: string;
  plannedAt: string;
  planner: Person;
}

function addTag(
  entry: Entry,
  dependencies: string | undefined,
  index: number,
  state: PlanState,
  fail: Fail,
): void {
  const { plan, tags, sinceTag, seen } = state;
  const change = plan.changes.at(-1);
  if (entry.name.includes('/')) throw fail(t('the tag "{0}" has a slash in its name', entry.name));
  if (!change) throw fail(t('the tag "{0}" comes before the first change', entry.name));
  if (tags.has(entry.name))
    throw fail(t('the tag "{0}" is in line {1} already', entry.name, tags.get(entry.name)! + 1));
  if (dependencies !== undefined) throw fail(t('the tag "{0}" cannot require anything', entry.name));
  const { note, plannedAt, planner } = entry;
  const tag = `@${entry.name}`;
  const id = infoId('tag', [...heading(plan), `tag ${tag}`, `change ${change.id}`, ...signature(entry)]);
  change.tags.push({ id, name: tag, note, plannedAt, planner });
  for (const [known, line] of sinceTag) seen.set(known, line);
  tags.set(entry.name, index);
  sinceTag.clear();
}

function addChange(
  entry: Entry,
  dependencies: string | undefined,
  index: number,
  state: PlanState,
  fail: Fail,
): void {
  const { plan, sinceTag } = state;
  const twin = sinceTag.get(entry.name);
  if (twin !== undefined) throw fail(t('the change "{0}" is in line {1} already', entry.name, twin + 1));
  const { requires, conflicts } = dependenciesOf(dependencies, state, fail);
  for (const required of requires) assertKnown(required, entry.name, state, fail);
  const parent = plan.changes.at(-1);
  const id = infoId('change', [
    ...heading(plan),
    `change ${entry.name}`,
    ...(parent ? [`parent ${parent.id}`] : []),
    ...signature({ ...entry, note: '' }),
    ...(requires.length > 0 ? [`requires\n  + ${requires.map(({ text }) => text).join('\n  + ')}`] : []),
    ...(conflicts.length > 0 ? [`conflicts\n  - ${conflicts.map(({ text }) => text).join('\n  - ')}`] : []),
    ...noted(entry.note),
  ]);
  nameEarlier(plan, state.latest.get(entry.name));
  state.latest.set(entry.name, plan.changes.length);
  const { name: change, note, plannedAt, planner } = entry;
  plan.changes.push({
    id,
    change,
    note,
    plannedAt,
    planner,
    requires,
    conflicts,
    tags: [],
    reworkTags: [],
  });
  sinceTag.set(change, index);
}

/** The change that a new one reworks has its files named by a tag between them: the latest first, its own last. */
function nameEarlier({ changes }: SqitchPlan, index: number | undefined): void {
  if (index === undefined) return;
  const after = changes.slice(index + 1).reverse();
  const tags = [...after, changes[index]!].flatMap((tagged) => tagged.tags.map((tag) => tag.name));
  changes[index]!.reworkTags.push(...tags);
}

function heading({ project, uri }: SqitchPlan): string[] {
  return [`project ${project}`, ...(uri === null ? [] : [`uri ${canonicalUri(uri)}`])];
}

function signature({ planner, plannedAt, note }: Entry): string[] {
  return [`planner ${planner.name} <${planner.email}>`, `date ${plannedAt}`, ...noted(note)];
}

/** Perl takes the note "0" for none. */
function noted(note: string): string[] {
  return note === '' || note === '0' ? [] : ['', note];
}

function noteOf(text: string): string {
  const letters: Record<string, string> = { n: '\n', r: '\r', '\\': '\\' };
  return text.trim().replace(/\\([\\nr])/g, (_, letter: string) => letters[letter]!);
}

function dependenciesOf(
  text: string | undefined,
  { plan }: PlanState,
  fail: Fail,
): { requires: PlannedDependency[]; conflicts: PlannedDependency[] } {
  const found = { requires: [] as PlannedDependency[], conflicts: [] as PlannedDependency[] };
  const seen = new Set<string>();
  // Perl's split keeps what is before a blank at the start, and drops what is behind the last.
  const words =
    text === undefined ? [] : text.replace(/(?<![\t\p{Zs}])[\t\p{Zs}]+$/u, '').split(/[\t\p{Zs}]+/u);
  for (const word of words) {
    const parts = dependencyText.exec(word)?.groups;
    if (!parts) throw fail(t('"{0}" names no change that could be required', word));
    if (seen.has(word)) throw fail(t('"{0}" is required twice', word));
    seen.add(word);
    const id = parts.id ?? null;
    const change = parts.change ?? null;
    const tag = parts.as ?? parts.tag ?? null;
    const isOwn = id === null || plan.changes.some((known) => known.id === id);
    const project = parts.project ?? (isOwn ? plan.project : null);
    const key = id ?? `${change ?? ''}${tag === null ? '' : `@${tag}`}`;
    const own = project === null || project === plan.project;
    const dependency = { text: own ? key : `${project}:${key}`, project, change, tag, id };
    found[parts.conflicts ? 'conflicts' : 'requires'].push(dependency);
  }
  return found;
}

function isTime(text: string): boolean {
  const time = new Date(text);
  return !Number.isNaN(time.getTime()) && time.toISOString().slice(0, 19) === text.slice(0, 19);
}

/** What is required of the same project has to come before. */
function assertKnown(required: PlannedDependency, change: string, state: PlanState, fail: Fail): void {
  const { plan, seen, tags, sinceTag } = state;
  if (required.project !== plan.project || required.id !== null) return;
  const tagLine = required.tag === null ? undefined : tags.get(required.tag);
  const known =
    required.change === null
      ? tagLine !== undefined
      : required.tag === null
        ? seen.has(required.change) || sinceTag.has(required.change)
        : tagLine !== undefined && (seen.get(required.change) ?? Infinity) < tagLine;
  if (!known) throw fail(t('"{0}" requires "{1}", which does not come before it', change, required.text));
}

function refused(file: string, index: number, sentence: string): SwitchbackError {
  return new SwitchbackError(
    'invalid-file',
    t('Sqitch cannot read {0}, line {1}: {2}. Correct the line.', file, index + 1, sentence),
  );
}
