import { readKnownSchema } from '../safety/read-known-schema';
import type { Look } from './changes/change-type';
import { findingsOnSteps } from './raw/findings-on-steps';
import { relationsOf } from './raw/look-at-raw-sql';
import { rawSteps } from './raw/raw-steps';
import { strongestLockOf, type StrongestLock } from './strongest-lock';
import type { RoutineWish } from './routine-wish';

const locking = ['SelectStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt'];

/**
 * The strongest lock that creating a routine takes, and what Switchback's rules say of it. The server reads the body of
 * an SQL one as if it ran it, and locks its tables for that: https://www.postgresql.org/docs/current/explicit-locking.html
 */
export async function locksAndFindings(
  { statement, parsed }: RoutineWish,
  { session, parser, signal }: Look,
): Promise<{ lock: StrongestLock | null; findings: string[] }> {
  const script = parser.parse(statement);
  const schema = await readKnownSchema(session, parser, { relations: relationsOf(script), signal });
  const steps = rawSteps(statement, script, schema, session.facts.major);
  const findings = findingsOnSteps(steps, schema, { session, parser });
  if (parsed.body?.language !== 'sql') return { lock: null, findings };
  const statements = parsed.body.parts
    .map((part) => part.statement)
    .filter(({ kind }) => locking.includes(kind));
  return { lock: strongestLockOf(statements, schema, session.facts.major), findings };
}
