import type { Session } from '../database/session';
import { splitStatements } from '../sql/split';
import type { Database } from './database';
import { schemaBase } from './schema-base';
import { openWorkspaceShadow } from './shadow';
import type { JourneyContext } from './workspace';

/**
 * Does `work` in a shadow database that has the schema of a database and none of its rows. Throws `verification-failed` where a
 * shadow cannot hold such a schema.
 */
export async function inSchemaShadow<T>(
  context: JourneyContext,
  database: Database,
  work: (there: Session) => Promise<T>,
): Promise<T> {
  const { connection, session } = database;
  const target = { connection, major: session.facts.major, session };
  const shadow = await openWorkspaceShadow(context, null, target);
  try {
    await schemaBase(context, database, shadow, { table: '', prepare: [] });
    const there = await shadow.open({ signal: context.signal });
    try {
      return await work(there);
    } finally {
      await there.close();
    }
  } finally {
    await shadow.dispose();
  }
}

/** Runs the SQL of a step: in a transaction, or each statement alone where they refuse one. */
export async function runThere(
  there: Session,
  { sql, alone }: { sql: string; alone: boolean },
  signal: AbortSignal,
): Promise<void> {
  if (!alone) return there.transaction(() => there.script(sql, { signal }), { signal });
  for (const { kind, start, end } of splitStatements(sql))
    if (kind === 'statement') await there.script(sql.slice(start, end), { signal });
}
