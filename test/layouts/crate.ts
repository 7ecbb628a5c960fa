import path from 'node:path';
import type { Session } from '../../src/database/session';
import type { Direction, Layout, LayoutExecution, Migration } from '../../src/layouts/layout';
import type { Files } from '../../src/ports/files';
import { memoryFiles } from '../support/memory-files';

/** The migrations folder of a Rust project. */
export const folder = path.resolve('/w/crate/migrations');

/** A new migration in it. */
export const request = {
  folder,
  name: 'Add full name',
  up: 'u;\n',
  down: 'd;\n' as string | null,
  transactional: true,
  now: new Date('2026-03-04T05:06:07Z'),
};

/** The files of a folder by name, with the rest of the workspace by path. */
export function inFolder(names: Record<string, string>, elsewhere: Record<string, string> = {}): Files {
  const here = Object.entries(names).map(([name, text]) => [path.join(folder, name), text] as const);
  return memoryFiles({ ...Object.fromEntries(here), ...elsewhere });
}

/** A path below the folder with `/`. */
export function relative(file: string | null): string | null {
  return file && path.relative(folder, file).split(path.sep).join('/');
}

export function executionOf(
  layout: Layout,
  migration: Migration,
  direction: Direction,
  recordedHash: string | null = null,
): LayoutExecution {
  return layout.execution(migration, direction, {
    directory: 'migrations',
    previousVersion: null,
    by: 'somebody',
    sql: '',
    contentHash: '',
    recordedHash,
    id: '',
  });
}

/** Runs a migration as the product does, in short: the tool's lock and table, then the file with its row. */
export async function run(
  layout: Layout,
  session: Session,
  migration: Migration,
  direction: Direction,
  files: Files,
): Promise<void> {
  const up = await layout.script(migration, 'up', files);
  const script = direction === 'up' ? up : await layout.script(migration, 'down', files);
  const execution = executionOf(layout, migration, direction, up && layout.recordedHash(up));
  const work = async (): Promise<void> => {
    await session.script(script!.sql);
    for (const { sql, parameters } of execution.record(1.5)) await session.query(sql, parameters);
  };
  if (execution.lock) await session.query(execution.lock.take);
  try {
    for (const sql of execution.prepare) await session.query(sql);
    if (script!.transaction === 'wrapped' && execution.sameTransaction) await session.transaction(work);
    else await work();
  } finally {
    if (execution.lock) await session.query(execution.lock.release);
  }
}
