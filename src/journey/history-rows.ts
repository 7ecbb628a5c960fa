import { randomUUID } from 'node:crypto';
import type { Direction, Layout, Migration, ParameterizedSql } from '../layouts/layout';
import { preparationOf } from '../layouts/preparation';
import { relativeToWorkspace } from './shadow';
import type { JourneyContext } from './workspace';

/** What a tool would do to its history had it run one direction of a migration, whose SQL is not looked at. */
export async function historyRows(
  context: JourneyContext,
  layout: Layout,
  migration: Migration,
  direction: Direction,
): Promise<ParameterizedSql[]> {
  const up = await layout.script(migration, 'up', context.files);
  const execution = layout.execution(migration, direction, {
    directory: relativeToWorkspace(context, migration.folder),
    previousVersion: null,
    by: context.user,
    sql: up?.sql ?? '',
    contentHash: up?.contentHash ?? '',
    recordedHash: up && layout.recordedHash(up),
    id: randomUUID(),
  });
  return execution.record(0);
}

/** The SQL that makes a tool's own tables, and writes in them for a migration. */
export async function bookkeepingOf(
  context: JourneyContext,
  layout: Layout,
  migration: Migration,
): Promise<string[]> {
  const rows = await historyRows(context, layout, migration, 'up');
  return [...preparationOf(layout, migration), ...rows.map(({ sql }) => sql)];
}
