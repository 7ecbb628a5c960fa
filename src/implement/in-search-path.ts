import type { Session } from '../database/session';
import type { LayoutExecution } from '../layouts/layout';
import { setSearchPath } from '../layouts/with-history-table';

/** Where the tool gives its migrations a search path, the session has it while one runs. */
export async function inSearchPath(
  session: Session,
  { searchPath }: Pick<LayoutExecution, 'searchPath'>,
  work: () => Promise<void>,
): Promise<void> {
  if (!searchPath) return work();
  await session.query(setSearchPath(searchPath));
  try {
    await work();
  } finally {
    if (!session.lost.aborted) await session.query('reset search_path');
  }
}
