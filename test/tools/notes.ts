import assert from 'node:assert/strict';
import type { Session } from '../../src/database/session';
import type { Direction, Layout, Migration } from '../../src/layouts/layout';
import { nodeFiles } from '../../src/ports/node-files';
import { runTool, writeMigration, type OpenProject } from '../layouts/code/tool-project';

/** What the tests of each tool in code do alike: a table of notes, whose texts a tool might change on their way. */
export interface Notes {
  layout: Layout;
  /** The name of the migration that makes the table. */
  name: string;
  /** Each goes into a string of SQL. */
  texts: readonly string[];
}

/** Writes the table with its notes and, outside a transaction, its index, behind the one migration that is there. */
export async function writeNotes({ layout, name, texts }: Notes, { project }: OpenProject): Promise<void> {
  const inserts = texts.map((text) => `insert into notes values ($x$${text}$x$)`);
  await writeMigration(layout, project, {
    name,
    up: ['create table notes (note text)', ...inserts].join(';\n'),
    down: 'drop table notes;',
  });
  await writeMigration(layout, project, {
    name: 'index notes',
    up: 'create index concurrently notes_note on notes (note)',
    down: 'drop index concurrently notes_note',
    transactional: false,
  });
  const files = nodeFiles();
  const [, , index] = await layout.list(project.migrations, files);
  assert.equal((await layout.script(index!, 'up', files))?.transaction, 'none');
}

/** The tool applies what was written, and each text is in the table as it is. */
export async function applyNotes({ layout, texts }: Notes, { project, session }: OpenProject): Promise<void> {
  const [, table, index] = await layout.list(project.migrations, nodeFiles());
  for (const migration of [table!, index!]) await runTool(layout, project, migration, 'up');
  const { rows } = await session.query<{ note: string }>('select note from notes');
  assert.deepEqual(
    rows.map(({ note }) => note),
    texts,
  );
}

/** Writes or removes the row of a migration that is not run, in tables made where there are none. */
export async function recordOnly(
  layout: Layout,
  session: Session,
  migration: Migration,
  direction: Direction,
): Promise<void> {
  const execution = layout.execution(migration, direction, {} as never);
  for (const sql of execution.prepare) await session.query(sql);
  for (const { sql, parameters } of execution.record(0)) await session.query(sql, parameters);
}
