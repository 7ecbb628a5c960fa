import type { ChangeFindings } from './change-facts';
import type { Look } from './changes/change-type';
import {
  foreignPartitionBlockers,
  partitionKeyBlockers,
  readIndexSurroundings,
  takenNameBlockers,
} from './partition-tree';
import { rowsInTheWay } from './rows-in-the-way';

/** What a unique or primary key needs to know: where its index goes, and what is there twice. */
export async function lookAtKey(
  at: Look,
  columns: readonly string[],
  name: string | null,
  duplicates: string,
): Promise<ChangeFindings> {
  const { session, table, signal } = at;
  const surroundings = await readIndexSurroundings(at);
  const blockers = [
    ...takenNameBlockers(name, table.name.schema, surroundings.takenNames ?? []),
    ...foreignPartitionBlockers(surroundings.partitions ?? []),
    ...(await partitionKeyBlockers(at, columns)),
    ...(await rowsInTheWay(session, duplicates, table.name, signal)),
  ];
  return { ...surroundings, blockers };
}
