import type { BackfillSpec } from '../plan/plan';
import { batchWrite } from './backfill-write';
import type { WalkTable } from './walk-table';

/** Where tables without a unique key are walked: pages `from` up to, not including, `to`. */
export interface PageRange {
  from: number;
  to: number;
}

/**
 * One batch by physical place, as one statement that gives `written`. Before 14 there is no TID range scan,
 * so each possible place of the pages is named: https://www.postgresql.org/docs/14/release-14.html
 */
export function pageBatchSql(
  spec: BackfillSpec,
  table: WalkTable,
  range: PageRange,
  server: PageFacts,
): string {
  const write = batchWrite(spec);
  return `with ${write.from}only ${table.sql}${write.where}${placeCondition(range, server)}${write.rest}
select (select count(*) from switchback_written)::int4 as written`;
}

export interface PageFacts {
  major: number;
  /** block_size of the server, bytes. */
  blockBytes: number;
}

function placeCondition(range: PageRange, server: PageFacts): string {
  const from = Math.trunc(range.from);
  const to = Math.trunc(range.to);
  if (server.major >= 14) return `ctid >= '(${from},0)'::tid and ctid < '(${to},0)'::tid`;
  // A line pointer takes 4 bytes and the smallest tuple 24, after a page header of 24.
  const most = Math.floor((server.blockBytes - 24) / 28);
  return `ctid = any (array(
    select format('(%s,%s)', page, line)::tid
    from generate_series(${from}, ${to - 1}) as page, generate_series(1, ${most}) as line))`;
}
