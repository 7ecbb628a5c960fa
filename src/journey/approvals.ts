import { frontMatterSource, rangeOf } from '../documents/front-matter-source';
import { inPlanFolder, planFiles } from '../documents/plan-folder';
import { isSigner, type GitPerson, type WrittenApprovals } from '../implement/gate-approval';
import type { Approval, LoadedPlan } from '../implement/scaffold/plan-file';
import { t } from '../messages/translate';
import { askGit } from './ask-git';
import type { JourneyContext } from './workspace';

/** The approvals that plan.md names, told apart by what git says of the lines they are written on. */
export interface ReadApprovals extends WrittenApprovals {
  /** Those that count: committed by who approves, for the plan as it is. */
  proved: Approval[];
}

/** A line of plan.md as git knows it. */
interface BlamedLine {
  author: GitPerson;
  isCommitted: boolean;
  /** The history that git has ends with this commit. */
  isLast: boolean;
}

/** Lines from 1, the last one included. */
interface Lines {
  first: number;
  last: number;
}

/**
 * Reads the approvals in plan.md. One counts when every line of its entry is committed by the person it names (mailmap
 * respected) and its hash is that of the plan as it is on disk. Without git none does: a person confirms the gate by hand.
 */
export async function readApprovals(
  context: JourneyContext,
  { folder, approvals, approvedHash }: Pick<LoadedPlan, 'folder' | 'approvals' | 'approvedHash'>,
): Promise<ReadApprovals> {
  const asksAnother = context.workspace.configuration.approvalByAnother;
  const author = asksAnother ? await planAuthor(context, folder) : null;
  if (approvals.length === 0) return { proved: [], refused: [], author };
  const isShallow = await askGit(context, folder, ['rev-parse', '--is-shallow-repository']);
  if (isShallow === null) {
    const names = [...new Set(approvals.map(({ by }) => by))].join(', ');
    const why = t('git cannot be asked here who wrote the approval of {0}. Confirm the gate by hand.', names);
    return { proved: [], refused: [why], author };
  }
  const places = await placesOf(await context.files.read(inPlanFolder(folder, planFiles.plan)));
  const proved: Approval[] = [];
  const refused: string[] = [];
  for (const [index, approval] of approvals.entries()) {
    const why =
      approval.hash === approvedHash
        ? await doubt(context, folder, approval, places[index], isShallow.trim() === 'true')
        : t('What {0} approved was the plan as it was then.', approval.by);
    if (why === null) proved.push(approval);
    else refused.push(why);
  }
  return { proved, refused, author };
}

/** Why an entry does not count; null where it does. */
async function doubt(
  context: JourneyContext,
  folder: string,
  { by }: Approval,
  lines: Lines | undefined,
  isShallow: boolean,
): Promise<string | null> {
  const blamed = lines ? await blame(context, folder, lines) : [];
  const line = lines?.first ?? 1;
  if (blamed.length === 0 || blamed.some(({ isCommitted }) => !isCommitted))
    return t('The approval of {0} in line {1} of plan.md is not committed yet.', by, line);
  if (isShallow && blamed.some(({ isLast }) => isLast))
    return t(
      'This clone has too little history to tell who wrote the approval of {0}. Run "git fetch --unshallow".',
      by,
    );
  const other = blamed.find(({ author }) => !isSigner(by, author));
  if (!other) return null;
  return t(
    'The approval of {0} in line {1} of plan.md was committed by {2}. Who approves commits it under that name.',
    by,
    line,
    other.author.name,
  );
}

/** The lines of each entry under `approvals`. */
async function placesOf(text: string): Promise<(Lines | undefined)[]> {
  const source = frontMatterSource(text);
  if (!source) return [];
  const { parseDocument, isSeq } = await import('yaml');
  const list = parseDocument(source.yaml).get('approvals', true);
  const lineAt = (offset: number): number => text.slice(0, source.start + offset).split('\n').length;
  return isSeq(list)
    ? list.items.map((item) => {
        const range = rangeOf(item);
        if (!range) return undefined;
        const written = source.yaml.slice(range[0], range[1]).trimEnd();
        return { first: lineAt(range[0]), last: lineAt(range[0] + written.length) };
      })
    : [];
}

/** https://git-scm.com/docs/git-blame: the working tree's lines; what is not committed has a hash of zeros. */
async function blame(context: JourneyContext, folder: string, { first, last }: Lines): Promise<BlamedLine[]> {
  const output = await askGit(context, folder, [
    'blame',
    '--line-porcelain',
    '--encoding=UTF-8',
    // No name of a file forgets all that settings named, where commits may stand that are to be overlooked.
    '--ignore-revs-file=',
    '-L',
    `${first},${last}`,
    '--',
    planFiles.plan,
  ]);
  const lines: BlamedLine[] = [];
  let headers = new Map<string, string>();
  let commit = '';
  for (const line of output?.split('\n') ?? []) {
    const begun = headers.size === 0 && commit === '' ? /^(?<hash>[0-9a-f]{40,64}) /.exec(line) : null;
    if (begun) commit = begun.groups!.hash!;
    else if (line.startsWith('\t')) {
      lines.push({
        author: { name: headers.get('author') ?? '', mail: (headers.get('author-mail') ?? '').slice(1, -1) },
        isCommitted: !/^0+$/.test(commit),
        isLast: headers.has('boundary'),
      });
      headers = new Map();
      commit = '';
    } else if (commit !== '') {
      const space = line.indexOf(' ');
      if (space < 0) headers.set(line, '');
      else headers.set(line.slice(0, space), line.slice(space + 1));
    }
  }
  return lines;
}

/** Who committed plan.md first, whatever it was called then. */
async function planAuthor(context: JourneyContext, folder: string): Promise<GitPerson | null> {
  const output = await askGit(context, folder, [
    'log',
    '--follow',
    '--diff-filter=A',
    '--format=%aN%x09%aE',
    '--',
    planFiles.plan,
  ]);
  const [name, mail] = output?.trim().split('\n').at(-1)?.split('\t') ?? [];
  return name && mail !== undefined ? { name, mail } : null;
}
