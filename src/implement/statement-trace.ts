import type { Session } from '../database/session';
import type { MigrationScript } from '../layouts/layout';
import { setSearchPath } from '../layouts/with-history-table';
import { obstacleToSending } from '../sql/obstacle';
import type { SqlParser } from '../sql/parser';
import type { Statement } from '../sql/statement';
import type { EffectProbe } from '../safety/probes/effect-probe';
import { effectProbes, isRepeatable, leavesNothing, setsSearchPath } from '../safety/probes/effect-probes';
import { readStatementEffect } from './statement-effect';
import { statementEffectSql } from './statement-effect-sql';

/**
 * What the catalog shows of a statement now: all of it, none, a part, something half made that a broken try left.
 * `nothing`: it leaves nothing to look for. `unknown`: the catalog does not tell, as of rows.
 */
export type TraceState = 'there' | 'missing' | 'partly' | 'half-made' | 'unknown' | 'nothing';

export interface StatementTrace {
  /** From 0, in its script. */
  index: number;
  /** From 1, in the file. */
  line: number;
  text: string;
  /** Where it begins in the script's SQL, UTF-16. */
  offset: number;
  state: TraceState;
  /** What was looked for; empty where nothing could be. */
  objects: TracedObject[];
  /** SQL that removes or finishes what is half made. */
  cure: string | null;
  /** Running it once more does no harm where it ran already. */
  repeatable: boolean;
}

export interface TracedObject {
  /** As people name it: `column orders.note`. */
  object: string;
  wants: 'there' | 'gone';
  holds: boolean;
  paths: readonly string[];
}

export interface ScriptTrace {
  statements: StatementTrace[];
  /** Why the script cannot be read as it stands, in words; null when it can. */
  obstacle: string | null;
}

/**
 * Looks up in the catalog, statement by statement, what a script has done to this database. Reads only. `searchPath` is
 * what its tool gives the migration, where that is not the session's own.
 */
export async function readScriptTrace(
  session: Session,
  parser: SqlParser,
  script: Pick<MigrationScript, 'sql' | 'linesBefore'>,
  { searchPath }: { searchPath?: readonly string[] } = {},
): Promise<ScriptTrace> {
  return session.transaction(
    async () => {
      if (searchPath) await session.query(setSearchPath(searchPath).replace(/^set /, 'set local '));
      return traced(session, parser, script);
    },
    { readOnly: true },
  );
}

async function traced(
  session: Session,
  parser: SqlParser,
  script: Pick<MigrationScript, 'sql' | 'linesBefore'>,
): Promise<ScriptTrace> {
  const parsed = parser.parse(script.sql);
  const known = foreseeable(parsed.statements);
  const held = await readHolds(session, known);
  const statements: StatementTrace[] = [];
  for (const [index, statement] of parsed.statements.entries()) {
    const probes = known[index] ?? null;
    const objects = (probes ?? []).map((probe, place) => ({
      object: probe.object,
      wants: probe.wants,
      holds: held[index]![place]!,
      paths: probe.paths,
    }));
    const effect =
      probes !== null && statementEffectSql(statement) !== null
        ? await readStatementEffect(session, statement)
        : null;
    const leftover = effect?.state === 'leftover' ? effect : null;
    statements.push({
      index,
      line: statement.start.line + (script.linesBefore ?? 0),
      text: statement.text,
      offset: statement.start.offset,
      state: leftover ? 'half-made' : stateOf(statement, probes, held[index] ?? []),
      objects,
      cure: leftover?.cure ?? null,
      repeatable: isRepeatable(statement),
    });
  }
  return { statements, obstacle: obstacleToSending(parsed)?.message ?? null };
}

/** What a script makes and takes away, by paths: what earlier ones did may be otherwise now for that. */
export interface ChangedPaths {
  there: ReadonlySet<string>;
  gone: ReadonlySet<string>;
}

export function changedPaths(parser: SqlParser, sql: string): ChangedPaths {
  const probes = parser.parse(sql).statements.flatMap((statement) => effectProbes(statement) ?? []);
  const of = (wants: 'there' | 'gone'): Set<string> =>
    new Set(probes.filter((probe) => probe.wants === wants).flatMap((probe) => probe.paths));
  return { there: of('there'), gone: of('gone') };
}

/** Whether a script that ran later accounts for it that something is not as an earlier one left it. */
export function accountsFor({ there, gone }: ChangedPaths, { paths }: Pick<TracedObject, 'paths'>): boolean {
  return paths.some((path) => there.has(path) || isWithin(path, gone));
}

/** Whether a path, or what it lies in, is among these. */
function isWithin(path: string, paths: ReadonlySet<string>): boolean {
  const names = path.split('/');
  return names.some((_, place) => paths.has(names.slice(0, place + 1).join('/')));
}

/** Without what another statement of the script changes again, and names found by a search path it sets. */
function foreseeable(statements: readonly Statement[]): (EffectProbe[] | null)[] {
  const all = statements.map(effectProbes);
  const sets = statements.some(setsSearchPath);
  return all.map((probes, index) => {
    if (probes === null || (sets && probes.some((probe) => probe.searched))) return null;
    const others = all.filter((_, other) => other !== index).flatMap((other) => other ?? []);
    return probes.some((probe) => others.some((other) => contradicts(probe, other))) ? null : probes;
  });
}

/** One makes what the other takes away, whichever comes first. */
function contradicts(probe: EffectProbe, other: EffectProbe): boolean {
  if (probe.wants === other.wants) return false;
  const [there, gone] = probe.wants === 'there' ? [probe, other] : [other, probe];
  const removed = new Set(gone.paths);
  return there.paths.some((path) => isWithin(path, removed));
}

async function readHolds(
  session: Session,
  probes: readonly (EffectProbe[] | null)[],
): Promise<(boolean[] | null)[]> {
  const conditions = probes.flatMap((each) => (each ?? []).map((probe) => `coalesce(${probe.holds}, false)`));
  if (conditions.length === 0) return probes.map(() => null);
  const held: boolean[] = [];
  for (let from = 0; from < conditions.length; from += conditionsAtOnce) {
    const { rows } = await session.query<{ held: boolean[] }>(
      `select array[${conditions.slice(from, from + conditionsAtOnce).join(',\n')}]::boolean[] as held`,
    );
    held.push(...rows[0]!.held);
  }
  return probes.map((each) => each && held.splice(0, each.length));
}

const conditionsAtOnce = 200;

function stateOf(
  statement: Statement,
  probes: readonly EffectProbe[] | null,
  held: readonly boolean[],
): TraceState {
  if (probes === null) return leavesNothing(statement) ? 'nothing' : 'unknown';
  if (held.every((holds) => !holds)) return 'missing';
  if (!held.every((holds) => holds)) return 'partly';
  return probes.some((probe) => probe.decides) ? 'there' : 'unknown';
}
