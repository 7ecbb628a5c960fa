import type { Forecast } from '../../safety/forecast';
import type { KnownSchema } from '../../safety/known-schema';
import { decisiveProbes } from '../../safety/probes/decisive-probes';
import { effectProbes } from '../../safety/probes/effect-probes';
import type { ParsedSql, Statement } from '../../sql/statement';
import { asKind } from '../../sql/tree';
import type { RawStep } from '../change-facts';
import { inverseOfStatement } from './inverse-of-statement';
import { forecastTogether } from '../forecast-together';

interface Judged {
  statement: Statement;
  forecast: Forecast;
  /** With the comments before it. */
  text: string;
}

/**
 * A script cut into steps by what its statements will do: what refuses a transaction, what works through rows and what
 * writes rows each goes alone; brief changes of the catalog share one. `sql` is what was parsed.
 */
export function rawSteps(
  sql: string,
  { statements }: ParsedSql,
  schema: KnownSchema,
  serverMajor: number,
): RawStep[] {
  const forecasts = forecastTogether(statements, schema, serverMajor);
  let end = 0;
  const judged = statements.map((statement, index): Judged => {
    const text = sql.slice(end, statement.end.offset).replace(/^[\s;]+/, '');
    end = statement.end.offset;
    return { statement, forecast: forecasts[index]!, text };
  });
  let leaves = false;
  const groups: { leaves: boolean; items: Judged[] }[] = [];
  for (const item of judged) {
    const starts: boolean = !item.forecast.compatible && !leaves;
    leaves ||= starts;
    const last = groups.at(-1);
    const joins = last && !starts && isBrief(item) && last.items.every(isBrief);
    if (joins) last.items.push(item);
    else groups.push({ leaves, items: [item] });
  }
  return groups.map((group) => stepOf(group));
}

/** Whether it only changes the catalog, inside a transaction, and others may follow in the same one. */
function isBrief({ statement, forecast }: Judged): boolean {
  return (
    forecast.transactional &&
    (forecast.work === 'none' || forecast.work === 'catalog') &&
    !['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt', 'SelectStmt', 'DoStmt', 'CallStmt'].includes(
      statement.kind,
    ) &&
    // A new value of an enum cannot be used before its transaction is over.
    !asKind(statement.node, 'AlterEnumStmt')
  );
}

function stepOf({ leaves, items }: { leaves: boolean; items: Judged[] }): RawStep {
  const inverses = items.map(({ statement }) => inverseOfStatement(statement));
  const known = inverses.filter((inverse) => inverse !== null);
  return {
    alone: items.some(({ forecast }) => !forecast.transactional),
    leaves,
    statements: items.map(({ text }) => text),
    rollback: known.length === inverses.length ? known.reverse() : null,
    holds: decisiveProbes(items.map(({ statement }) => effectProbes(statement) ?? [])).map(
      ({ holds }) => holds,
    ),
    forecast: together(items.map(({ forecast }) => forecast)),
  };
}

/** What several statements in one transaction do: all their locks, the times one after the other. */
function together(forecasts: readonly Forecast[]): Forecast {
  const [first, ...others] = forecasts;
  return others.reduce(
    (sum, next) => ({
      ...sum,
      locks: [...sum.locks, ...next.locks],
      works: [...sum.works, ...next.works],
      workOn: [...sum.workOn, ...next.workOn],
      work: sum.work === 'none' ? next.work : sum.work,
      holdMilliseconds:
        sum.holdMilliseconds && next.holdMilliseconds
          ? {
              low: sum.holdMilliseconds.low + next.holdMilliseconds.low,
              high: sum.holdMilliseconds.high + next.holdMilliseconds.high,
            }
          : null,
    }),
    first!,
  );
}
