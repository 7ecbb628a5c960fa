import { describeForecast } from '../../safety/forecast/describe-forecast';
import { rowsOf } from '../../safety/forecast/rows-of';
import { heavierWork, isWeakerLock, strongestLocks } from '../../safety/forecast/strength';
import type { LintedScript } from '../../safety/lint';
import { lockModes, workKinds, type Forecast, type LockMode, type RelationLock } from '../../safety/forecast';

/** Neighbouring statements of one transaction that hold the same strongest lock on the same relations. */
export interface StatementGroup {
  statements: Forecast[];
  /** All of them as one: the heaviest work, the time of all. */
  forecast: Forecast;
  /** The phrase of its lens. */
  phrase: string;
  /** Others wait, rows are read or written, or it is said to fail. */
  loud: boolean;
}

/** The statements of a script in groups, in the order of the text. */
export function statementGroups(script: LintedScript): StatementGroup[] {
  const groups: Forecast[][] = [];
  let before: string | null = null;
  for (const [place, forecast] of script.statements.entries()) {
    const transaction = script.transactions[place] ?? null;
    const key = JSON.stringify([transaction, strongestLocks(forecast.locks)]);
    const joins = transaction !== null && key === before && forecast.locks.length > 0;
    if (joins) groups.at(-1)!.push(forecast);
    else groups.push([forecast]);
    before = key;
  }
  return groups.map((statements) => groupOf(statements, script));
}

function groupOf(statements: Forecast[], { findings, rows }: LintedScript): StatementGroup {
  const forecast = together(statements);
  const count = rowsOf(forecast, rows);
  const fails = findings.some(
    (finding) => finding.severity === 'error' && statements.some((each) => each.index === finding.statement),
  );
  const works = workKinds.indexOf(forecast.work) >= workKinds.indexOf('scan');
  const waits = forecast.blocks.includes('reads') || forecast.blocks.includes('writes');
  return {
    statements,
    forecast,
    phrase: describeForecast(forecast, count),
    loud: waits || works || fails,
  };
}

/** The group that matters most to others: the strongest lock, then the heaviest work. */
export function strongestGroup(groups: readonly StatementGroup[]): StatementGroup | null {
  const rank = ({ forecast }: StatementGroup): number => {
    const [strongest] = strongestLocks(forecast.locks);
    return (
      (strongest ? lockModes.indexOf(strongest.mode) + 1 : 0) * workKinds.length +
      workKinds.indexOf(forecast.work)
    );
  };
  return groups.reduce<StatementGroup | null>(
    (best, group) => (best === null || rank(group) > rank(best) ? group : best),
    null,
  );
}

function together(statements: readonly Forecast[]): Forecast {
  const [first, ...others] = statements as [Forecast, ...Forecast[]];
  return others.reduce<Forecast>((all, each) => {
    return {
      ...all,
      end: each.end,
      locks: strongestPerRelation([...all.locks, ...each.locks]),
      blocks: [...new Set([...all.blocks, ...each.blocks])],
      work: heavierWork(all.work, each.work),
      works: [...all.works, ...each.works],
      transactional: all.transactional && each.transactional,
      holdMilliseconds:
        all.holdMilliseconds && each.holdMilliseconds
          ? {
              low: all.holdMilliseconds.low + each.holdMilliseconds.low,
              high: all.holdMilliseconds.high + each.holdMilliseconds.high,
            }
          : null,
    };
  }, first);
}

function strongestPerRelation(locks: readonly RelationLock[]): RelationLock[] {
  const modes = new Map<string, LockMode>();
  for (const { relation, mode } of locks) {
    const known = modes.get(relation);
    if (!known || isWeakerLock(known, mode)) modes.set(relation, mode);
  }
  return [...modes].map(([relation, mode]) => ({ relation, mode }));
}
