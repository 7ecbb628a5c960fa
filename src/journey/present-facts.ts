import type { PartAssessment, ServerFacts } from '../assess/assessment';
import { tableBlockers } from '../assess/check-input';
import { readTableFacts } from '../catalog/read-table-facts';
import type { TableFacts } from '../catalog/table-facts';
import type { Session } from '../database/session';
import { isSwitchbackError } from '../messages/error';

/** What a shadow database cannot know of the database it stands for. */
export type KnownFacts = Pick<PartAssessment, 'takenAt' | 'database' | 'server'>;

/** Functions and types are found where they are found on the database. */
export async function takeSearchPath(session: Session, there: Session): Promise<void> {
  const { rows } = await session.query<{ path: string }>(
    "select pg_catalog.current_setting('search_path') as path",
  );
  await there.query("select pg_catalog.set_config('search_path', $1, false)", [rows[0]!.path]);
}

/**
 * What was read in a shadow, with what the database itself says of its server and of the table's size and rights. `present`:
 * whether the table is there, too.
 */
export async function withPresentFacts(
  session: Session,
  part: PartAssessment,
  known: KnownFacts,
): Promise<{ part: PartAssessment; present: boolean }> {
  const present = await presentTable(session, part.table);
  const table = present ?? part.table;
  const blockers = [...tableBlockers(part.change, table, session.facts.user), ...part.blockers];
  return {
    part: {
      ...part,
      takenAt: known.takenAt,
      database: known.database,
      server: serverOf(part.server, known.server),
      table,
      blockers: [...new Set(blockers)],
    },
    present: present !== null,
  };
}

function serverOf(there: ServerFacts, known: ServerFacts): ServerFacts {
  return {
    ...known,
    disk: { ...there.disk, freeBytes: known.disk.freeBytes },
    lockSlots: { available: known.lockSlots.available, needed: there.lockSlots.needed },
  };
}

/** The table with what the database knows of it; null where it is not there. */
async function presentTable(session: Session, there: TableFacts): Promise<TableFacts | null> {
  try {
    const { rows, bytes, owner, mayAlter, privileges } = await readTableFacts(session, there.name);
    return { ...there, rows, bytes, owner, mayAlter, privileges };
  } catch (error) {
    if (isSwitchbackError(error, 'not-found')) return null;
    throw error;
  }
}
