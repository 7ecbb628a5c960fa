import type { Session } from '../database/session';
import type { ReleasedFile } from '../implement/run-context';
import {
  migrationAbove,
  readBrokenMark,
  readBrokenRun,
  repairMigrationFile,
  type BrokenMark,
  type BrokenRun,
  type Repair,
} from '../implement/repair-file';
import type { StatementTrace } from '../implement/statement-trace';
import type { TraceVerdict } from '../implement/trace-verdict';
import type { Direction } from '../layouts/layout';
import { migrationTitle } from '../layouts/migration-title';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { loadParser } from '../sql/parser';
import { migrationFile, requestFor } from './apply-file';
import type { Database } from './database';
import { findMigration } from './find-migration';
import type { AppliedOutcome } from './outcomes';
import type { JourneyContext } from './workspace';

/** What a migration that began and did not finish really left, and what can be done about it. */
export interface RepairReport {
  version: string;
  name: string;
  mark: BrokenMark;
  /** The runs that may have broken off; the history of some tools does not tell which of two it was. */
  runs: RepairRun[];
}

export interface RepairRun {
  version: string;
  name: string;
  direction: Direction;
  /** Absolute path. */
  path: string;
  statements: StatementTrace[];
  verdict: TraceVerdict;
  offers: RepairOffer[];
}

export interface RepairOffer {
  repair: Repair;
  title: string;
  detail: string;
}

/**
 * Looks, statement by statement, at what a migration left in the catalog. Touches nothing. Throws `already-done` for
 * one that is applied, `not-found` for a file that is no migration.
 */
export async function inspectMigration(
  context: JourneyContext,
  database: Pick<Database, 'session'>,
  file: string,
): Promise<RepairReport> {
  const { session } = database;
  const found = await findMigration(context, file);
  const released = await migrationFile(context, found);
  const mark = await readBrokenMark(session, released);
  const { version, name } = found.migration;
  const runs = await brokenRuns(context, session, released, mark);
  if (runs.length === 0) {
    throw new SwitchbackError(
      'not-found',
      t('Migration {0} has no SQL that could be looked at. Repair it with {1}.', version, found.layout.title),
    );
  }
  const title = found.layout.title;
  return { version, name, mark, runs: runs.map((run) => repairRun(run, mark, title)) };
}

/** Does what was chosen, after a yes. Null when the answer was no. Throws as `applyMigration`. */
export async function repairMigration(
  context: JourneyContext,
  database: Database,
  run: RepairRun,
  offer: RepairOffer,
): Promise<AppliedOutcome | null> {
  const agreed = await context.prompt.confirm({
    id: 'repair',
    title: t('Repair {0}: {1}?', migrationTitle(run), offer.title),
    detail: offer.detail,
    accept: offer.title,
  });
  if (!agreed) return null;
  return repairMigrationFile(await requestFor(context, database, run.path), run, offer.repair);
}

/** The run a choice is about: the one that offers it. Throws `invalid-input` where what was seen speaks against it. */
export function offeredRepair(report: RepairReport, repair: Repair): { run: RepairRun; offer: RepairOffer } {
  for (const run of report.runs) {
    const offer = run.offers.find((each) => each.repair === repair);
    if (offer) return { run, offer };
  }
  throw new SwitchbackError(
    'invalid-input',
    t(
      'What there is of {0} speaks against that. Look at it with "switchback repair", and correct the database by hand where it has to be.',
      migrationTitle(report),
    ),
  );
}

async function brokenRuns(
  context: JourneyContext,
  session: Session,
  released: ReleasedFile,
  mark: BrokenMark,
): Promise<BrokenRun[]> {
  const parser = await loadParser();
  const own = await readBrokenRun(session, parser, released, mark === 'began-down' ? 'down' : 'up');
  const above = mark === 'began' ? await migrationAbove(session, released) : null;
  if (above === null) return own ? [own] : [];
  // The mark of a latest version stands there too when taking back the next one broke off.
  const next = await migrationFile(context, await findMigration(context, above.upPath));
  const back = await readBrokenRun(session, parser, next, 'down');
  if (back === null || back.verdict.kind === 'all-there') return own ? [own] : [];
  return back.verdict.kind === 'not-known' && own ? [own, back] : [back];
}

function repairRun(run: BrokenRun, mark: BrokenMark, tool: string): RepairRun {
  const { migration, direction, script, trace, verdict } = run;
  const { version, name } = migration;
  const { statements } = trace;
  return {
    version,
    name,
    direction,
    path: script.path,
    statements,
    verdict,
    offers: offersFor(verdict, direction, mark, tool, statements),
  };
}

function offersFor(
  verdict: TraceVerdict,
  direction: Direction,
  mark: BrokenMark,
  tool: string,
  statements: readonly StatementTrace[],
): RepairOffer[] {
  const applied: RepairOffer = {
    repair: 'mark-applied',
    title: t('Mark as Applied'),
    detail: t('Nothing of it runs. {0} will take it as done and go on with the next one.', tool),
  };
  const notApplied: RepairOffer = {
    repair: 'mark-not-applied',
    title: t('Mark as Not Applied'),
    detail: t('Nothing is taken back. {0} will run it again.', tool),
  };
  const [done, undone] = direction === 'up' ? [applied, notApplied] : [notApplied, applied];
  // What is marked as not applied already needs no such mark.
  const marks = [done, undone].filter((offer) => mark !== 'none' || offer.repair === 'mark-applied');
  switch (verdict.kind) {
    case 'all-there':
      return marks.filter((offer) => offer === done);
    case 'nothing-there':
      return marks.filter((offer) => offer === undone);
    case 'not-known':
      return marks;
    case 'mixed':
      return [];
    case 'rest-missing':
      return [
        {
          repair: 'run-rest',
          title: t('Run the Rest'),
          detail: t(
            'These run one by one, each committed by itself, and then the history is put in order: {0}',
            restLines(statements, verdict.from),
          ),
        },
      ];
  }
}

function restLines(statements: readonly StatementTrace[], from: number): string {
  return statements
    .slice(from)
    .map(({ line, text, state, cure }) => {
      const first = text.split('\n')[0]!.slice(0, 100);
      return state === 'half-made' && cure !== null
        ? t('line {0}, {1} (what is half made goes first: {2})', line, first, cure)
        : t('line {0}, {1}', line, first);
    })
    .join('; ');
}
