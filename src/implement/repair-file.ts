import type { Session } from '../database/session';
import type { Direction, Migration, MigrationScript } from '../layouts/layout';
import { searchPathOf } from '../layouts/preparation';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { SqlParser } from '../sql/parser';
import type { Statement } from '../sql/statement';
import { withFileSessions, type AppliedMigrationFile, type ApplyMigrationRequest } from './apply-migration';
import { isDirtyJustBelow, readFileState } from './file-state';
import { assertMayRun } from './may-run';
import { finishMigrationFile } from './migration-file';
import type { ReleasedFile } from './run-context';
import { readScriptTrace, type ScriptTrace } from './statement-trace';
import { judgeTrace, type TraceVerdict } from './trace-verdict';

/** A run that may have broken off, with what the catalog shows of it. */
export interface BrokenRun {
  migration: Migration;
  direction: Direction;
  script: MigrationScript;
  trace: ScriptTrace;
  verdict: TraceVerdict;
}

/** What is done about a broken run. The rest is that of the direction that broke off. */
export type Repair = 'mark-applied' | 'mark-not-applied' | 'run-rest';

/** How the history marks the migration: as begun, or not at all where its tool has no such mark. */
export type BrokenMark = 'began' | 'began-down' | 'none';

/**
 * Whether the history says that this migration began and did not finish. Throws `already-done` where it is applied.
 * `began-down`: the mark stands at the version before, and is as it would be had taking this one back broken off.
 */
export async function readBrokenMark(session: Session, file: ReleasedFile): Promise<BrokenMark> {
  const state = await readFileState(session, file);
  if (state === 'dirty') return 'began';
  if (state === 'applied') {
    throw new SwitchbackError(
      'already-done',
      t(
        'Migration {0} is applied and not marked as failed. There is nothing to repair.',
        file.migration.version,
      ),
    );
  }
  return (await isDirtyJustBelow(session, file)) ? 'began-down' : 'none';
}

/** Looks at what one direction of a file did here; null where it has no such script. Reads only. */
export async function readBrokenRun(
  session: Session,
  parser: SqlParser,
  file: ReleasedFile,
  direction: Direction,
): Promise<BrokenRun | null> {
  const script = direction === 'up' ? file.up : file.down;
  if (script === null) return null;
  const trace = await readScriptTrace(session, parser, script, searchPathOf(file.layout, file.migration));
  const verdict = judgeTrace(trace);
  const obstacle = verdict.kind === 'rest-missing' ? obstacleToCutting(parser, file, script) : null;
  return {
    migration: file.migration,
    direction,
    script,
    trace,
    verdict: obstacle === null ? verdict : { kind: 'mixed', why: obstacle },
  };
}

/** Why a part of a script cannot be run by itself, as a sentence; null where it can. */
function obstacleToCutting(parser: SqlParser, file: ReleasedFile, script: MigrationScript): string | null {
  if (file.migration.isCode) return t('It is written as code, of which no part can be run by itself.');
  const owns = parser.parse(script.sql).statements.some(({ kind }) => kind === 'TransactionStmt');
  return owns ? t('The file begins or ends transactions of its own, which cannot be cut in two.') : null;
}

/** The migration after the one whose version is marked, which a cumulative history does not tell from it. */
export async function migrationAbove(session: Session, file: ReleasedFile): Promise<Migration | null> {
  const history = await file.layout.history(file.directory, session);
  if (!history.cumulative || !history.applied[0]?.dirty) return null;
  const place = file.siblings.findIndex(({ version }) => version === file.migration.version);
  return file.siblings[place + 1] ?? null;
}

/**
 * Puts the history in order after a run that broke off, running what is missing where that was chosen. Looks again
 * first, and throws `invalid-input` where it is not as it was shown; else as `applyMigration`.
 */
export function repairMigrationFile(
  request: ApplyMigrationRequest,
  shown: Pick<BrokenRun, 'direction' | 'verdict'>,
  repair: Repair,
): Promise<AppliedMigrationFile> {
  return withFileSessions(request, async (held, session, watch) => {
    const { file, parser } = held;
    const { version, name } = file.migration;
    const mark = await readBrokenMark(session, file);
    if (mark === 'none') await assertMayRun(session, file, 'up');
    const now = await readBrokenRun(session, parser, file, shown.direction);
    if (now === null || JSON.stringify(now.verdict) !== JSON.stringify(shown.verdict)) {
      throw new SwitchbackError(
        'invalid-input',
        t(
          'What there is of {0} has changed since you looked. Nothing was touched; look again and choose then.',
          version,
        ),
      );
    }
    const run = { ...held, session, watch, stepId: version };
    const milliseconds = await finishMigrationFile(
      run,
      directionOf(repair, shown),
      restOf(parser, now, repair),
    );
    return { version, name, milliseconds };
  });
}

function directionOf(repair: Repair, shown: Pick<BrokenRun, 'direction'>): Direction {
  switch (repair) {
    case 'mark-applied':
      return 'up';
    case 'mark-not-applied':
      return 'down';
    case 'run-rest':
      return shown.direction;
  }
}

function restOf(parser: SqlParser, { script, verdict }: BrokenRun, repair: Repair): string | null {
  if (repair !== 'run-rest') return null;
  if (verdict.kind === 'rest-missing')
    return restSql(parser.parse(script.sql).statements, script.sql, verdict.from);
  throw new SwitchbackError(
    'invalid-input',
    t('What is missing of {0} cannot be run by itself. Nothing was touched.', script.path),
  );
}

/** From one statement on, with the settings that were made before it. */
export function restSql(statements: readonly Statement[], sql: string, from: number): string {
  const settings = statements
    .slice(0, from)
    .filter(({ kind }) => kind === 'VariableSetStmt')
    .map(({ text }) => `${text};\n`);
  return settings.join('') + sql.slice(statements[from]!.start.offset);
}
