import type { Session } from '../database/session';
import { t } from '../messages/translate';
import { formatIdentifier } from '../sql/identifier';
import { readOnlyRows } from './read-only-query';

/** What the server says of the cast from one type to another. */
export interface CastFacts {
  /** Whether the new type takes a collation. */
  collatable: boolean;
  /** Whether the value depends on settings of the session. */
  varies: boolean;
  /** Whether the old type is a date, a time or both, and whether the new one is. */
  moments: { from: boolean; to: boolean };
  /** Both types as they are stored: the base type where one is a domain. */
  bases: { from: string; to: string };
  /** Whether every value of the old type is one of the new type, so that nothing is lost. */
  widening: boolean;
}

/** Asks how a value becomes one of another type: an array by its elements, a domain by its base type, a range by its bounds. */
export async function readCast(
  session: Session,
  from: string,
  to: string,
  signal: AbortSignal,
): Promise<CastFacts> {
  const typeOf = (type: string): string => `pg_catalog.pg_typeof((SELECT NULL::${type} WHERE false))::oid`;
  // The last domain of those that lie on each other has it.
  const base = (side: string): string =>
    `(SELECT pg_catalog.format_type(typbasetype, typtypmod) FROM layer WHERE ${side} AND typtype = 'd' AND EXISTS (` +
    `SELECT FROM layer first WHERE first.is_from = layer.is_from AND first.depth = 1 AND first.typtype = 'd') ORDER BY depth DESC LIMIT 1)`;
  const rows = await readOnlyRows(
    session,
    `WITH RECURSIVE layer AS (
       SELECT side.is_from, y.*, 1 AS depth
         FROM (VALUES (true, ${typeOf(from)}), (false, ${typeOf(to)})) AS side(is_from, type) JOIN pg_catalog.pg_type y ON y.oid = side.type
        UNION ALL
       SELECT l.is_from, y.*, l.depth + 1 FROM layer l JOIN pg_catalog.pg_type y ON y.oid = CASE
         WHEN l.typtype = 'd' THEN l.typbasetype WHEN l.typcategory = 'A' THEN l.typelem
         WHEN l.typtype = 'r' THEN (SELECT r.rngsubtype FROM pg_catalog.pg_range r WHERE r.rngtypid = l.oid) END
     ), pair AS (
       SELECT (f.root).oid AS source, (g.root).oid AS target, (f.root).typoutput AS writes, (g.root).typinput AS reads,
              (f.root).typtype AS source_kind, (g.root).typtype AS target_kind,
              (f.root).typcategory = 'D' AS from_moment, (g.root).typcategory = 'D' AS to_moment
         FROM (SELECT l AS root FROM layer l WHERE is_from ORDER BY depth DESC LIMIT 1) AS f,
              (SELECT l AS root FROM layer l WHERE NOT is_from ORDER BY depth DESC LIMIT 1) AS g
     )
     SELECT ${base('is_from')} AS from_base, ${base('NOT is_from')} AS to_base,
            EXISTS (SELECT FROM pg_catalog.pg_cast c JOIN pg_catalog.pg_type g ON g.oid = c.casttarget
                     WHERE c.castsource = source AND c.casttarget = target AND c.castcontext = 'i'
                       AND target NOT IN ('pg_catalog.float4'::regtype, 'pg_catalog.float8'::regtype)) AS widening,
            (SELECT typcollation <> 0 FROM layer WHERE NOT is_from AND depth = 1) AS collatable, from_moment, to_moment,
            coalesce((SELECT CASE c.castmethod WHEN 'b' THEN false WHEN 'f' THEN p.provolatile <> 'i' END
                        FROM pg_catalog.pg_cast c LEFT JOIN pg_catalog.pg_proc p ON p.oid = c.castfunc
                       WHERE c.castsource = source AND c.casttarget = target),
                     source <> target AND EXISTS (SELECT FROM pg_catalog.pg_proc io WHERE io.provolatile <> 'i'
                       -- The names of an enum's values are no setting.
                       AND (io.oid = writes AND source_kind <> 'e' OR io.oid = reads AND target_kind <> 'e'))) AS varies
       FROM pair`,
    signal,
  );
  const row = rows[0] ?? {};
  return {
    collatable: row['collatable'] === true,
    varies: row['varies'] === true,
    bases: { from: textOf(row['from_base']) ?? from, to: textOf(row['to_base']) ?? to },
    widening: row['widening'] === true,
    moments: { from: row['from_moment'] === true, to: row['to_moment'] === true },
  };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** The blocker for a conversion that is not the same in every session, with what to say instead. */
export function varyingBlocker(conversion: string, column: string, { moments }: CastFacts): string {
  if (moments.from && moments.to)
    return t(
      'What {0} gives depends on the session, as on its time zone, and would not be the same for every writer. Say it with --using, for example {1}.',
      conversion,
      `${formatIdentifier(column)} AT TIME ZONE 'UTC'`,
    );
  return t(
    'What {0} gives depends on settings of the session, and would not be the same for every writer. Say with --using how it is computed, by what gives the same in every session.',
    conversion,
  );
}
