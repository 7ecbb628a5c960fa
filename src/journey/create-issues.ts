import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { readFrontMatter, splitFrontMatter, writeFrontMatter } from '../documents/front-matter';
import { phaseTitle } from '../documents/phase-title';
import { inPlanFolder } from '../documents/plan-folder';
import { isLive } from '../documents/regions';
import { phaseFile } from '../documents/rollout/document-names';
import { withoutRegionMarks } from '../documents/rollout/sealed-regions';
import { isSwitchbackError, SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { ProgramEnd } from '../ports/programs';
import { phasesWithSteps } from './plan-document-contexts';
import { loadPlan } from './plans';
import type { JourneyContext } from './workspace';

/** The issue of one ticket. */
export interface TicketIssue {
  /** Absolute path of the ticket. */
  ticket: string;
  /** The issue's address. */
  issue: string;
}

export interface IssuesOutcome {
  created: TicketIssue[];
  /** Those that were there before. */
  existing: TicketIssue[];
}

interface Ticket {
  file: string;
  text: string;
  title: string;
  issue: string | null;
  /** When an issue was asked for whose address is not known; ISO 8601. */
  askedAt: string | null;
}

/**
 * Creates an issue with GitHub's `gh` for each ticket of a plan that has none, after a yes, and keeps its address in the
 * ticket's front matter. Before `gh` is asked the ticket says so: where its answer is lost, nothing is created twice.
 * Throws `untrusted-workspace`, `cancelled`, `not-found` where there is no `gh`, `step-failed` with its last words.
 */
export async function createIssues(context: JourneyContext, planFolder: string): Promise<IssuesOutcome> {
  assertTrusted(context);
  const tickets = await readTickets(context, planFolder);
  const lost = tickets.find(({ issue, askedAt }) => issue === null && askedAt !== null);
  if (lost) throw unknownOutcome(lost.file, lost.askedAt!);
  const existing = tickets.flatMap(({ file, issue }) => (issue === null ? [] : [{ ticket: file, issue }]));
  const open = tickets.filter(({ issue }) => issue === null);
  const outcome: IssuesOutcome = { created: [], existing };
  if (open.length === 0) return outcome;
  const agreed = await context.prompt.confirm({
    id: 'create-issues',
    title: open.length === 1 ? t('Create 1 issue?') : t('Create {0} issues?', open.length),
    detail:
      open.length === 1
        ? t(
            'gh creates it in the repository of {0}, where others see it: {1}.',
            context.workspace.root,
            `"${open[0]!.title}"`,
          )
        : t(
            'gh creates them in the repository of {0}, where others see them: {1}.',
            context.workspace.root,
            open.map(({ title }) => `"${title}"`).join(', '),
          ),
    accept: t('Create Issues'),
  });
  if (!agreed) throw new SwitchbackError('cancelled', t('No issue was created.'));
  for (const ticket of open) {
    outcome.created.push({ ticket: ticket.file, issue: await createIssue(context, ticket) });
  }
  return outcome;
}

async function createIssue(context: JourneyContext, ticket: Ticket): Promise<string> {
  const { files, clock } = context;
  const record = async (values: Record<string, unknown>): Promise<void> =>
    files.write(ticket.file, await writeFrontMatter(await files.read(ticket.file), values));
  await record({ issueAskedAt: clock.now().toISOString() });
  let end: ProgramEnd;
  try {
    end = await runGh(context, ticket);
  } catch (error) {
    // It was not started, so there is nothing to look for.
    if (isSwitchbackError(error, 'not-found')) {
      await record({ issueAskedAt: undefined });
      throw noGh(ticket.file, error);
    }
    throw error;
  }
  const issue = addressIn(end.output);
  if (issue !== null) {
    await record({ issue, issueAskedAt: undefined });
    return issue;
  }
  if (end.code === 0) throw unknownOutcome(ticket.file, clock.now().toISOString());
  await record({ issueAskedAt: undefined });
  throw new SwitchbackError(
    'step-failed',
    t(
      'gh created no issue for {0}: {1} Tickets before it have theirs. Mend what it says, often with "gh auth login", and run it again.',
      ticket.file,
      lastWords(end),
    ),
  );
}

/** The body goes through a file, which is removed after. */
async function runGh(context: JourneyContext, { title, text }: Ticket): Promise<ProgramEnd> {
  const { workspace, files, programs, signal } = context;
  const body = path.join(workspace.assets.cache, 'issues', `${randomUUID()}.md`);
  await files.write(body, bodyOf(text));
  try {
    return await programs.run({
      title: t('gh issue create: {0}', title),
      program: 'gh',
      args: ['issue', 'create', '--title', title, '--body-file', body],
      folder: workspace.root,
      environment: { GH_PROMPT_DISABLED: '1', NO_COLOR: '1' },
      signal,
    });
  } finally {
    await files.remove(body);
  }
}

/** The ticket without what is for this folder: its front matter, the marks of regions, the status that is kept there. */
function bodyOf(text: string): string {
  return withoutRegionMarks(splitFrontMatter(text)?.body ?? text, isLive);
}

async function readTickets(context: JourneyContext, planFolder: string): Promise<Ticket[]> {
  const { plan } = await loadPlan(context, planFolder);
  const tickets: Ticket[] = [];
  for (const phase of phasesWithSteps(plan)) {
    const file = inPlanFolder(planFolder, phaseFile('tickets', phase));
    const text = await context.files.readIfExists(file);
    if (text === null) continue;
    const data = splitFrontMatter(text) ? (await readFrontMatter(text, file)).data : null;
    tickets.push({
      file,
      text,
      title: titleOf(t('{0}: {1}', phaseTitle(phase), plan.title)),
      issue: textIn(data, 'issue'),
      askedAt: textIn(data, 'issueAskedAt'),
    });
  }
  return tickets;
}

function textIn(data: unknown, key: string): string | null {
  const value = typeof data === 'object' && data !== null ? (data as Record<string, unknown>)[key] : null;
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

/** GitHub takes 256 characters. */
function titleOf(text: string): string {
  const line = [...text.replace(/\s+/g, ' ').trim()];
  return line.length <= 250 ? line.join('') : `${line.slice(0, 249).join('')}…`;
}

/** gh prints the address of what it created. */
function addressIn(output: string): string | null {
  return [...output.matchAll(/https?:\/\/\S+\/issues\/\d+/g)].at(-1)?.[0] ?? null;
}

function lastWords({ errors, output, code }: ProgramEnd): string {
  const said = (errors.trim() || output.trim()).split(/\r?\n/).slice(-3).join(' ').slice(-400);
  return said || t('it ended with exit code {0} and said nothing.', code ?? '-');
}

function unknownOutcome(file: string, at: string): SwitchbackError {
  return new SwitchbackError(
    'step-failed',
    t(
      'gh was asked for the issue of {0} at {1}, and what became of it is not known. Look for it in the repository: write its address as "issue:" into the front matter of the file, or remove "issueAskedAt:" there to have it created.',
      file,
      at,
    ),
    { details: { file, line: 1 } },
  );
}

function noGh(file: string, cause: unknown): SwitchbackError {
  return new SwitchbackError(
    'not-found',
    t(
      'There is no program gh here, so no issue was created. Install it from https://cli.github.com and run "gh auth login", or paste the tickets in {0} into your tracker.',
      path.dirname(file),
    ),
    { cause },
  );
}

function assertTrusted({ workspace }: JourneyContext): void {
  if (workspace.trusted) return;
  throw new SwitchbackError(
    'untrusted-workspace',
    t('This workspace is not trusted, so no program is run for it. Trust the workspace to create issues.'),
  );
}
