import { mkdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import type { Session } from '../../src/database/session';
import type { ToolProject } from '../layouts/code/tool-project';

/** Makes Debian's Python, which has Debian's packages, the one of the project's virtual environment. */
export async function linkPython({ root }: ToolProject): Promise<void> {
  const folder = path.join(root, '.venv', 'bin');
  await mkdir(folder, { recursive: true });
  await symlink('/usr/bin/python3', path.join(folder, 'python'));
}

/** Columns and constraints of a table, as PostgreSQL tells them. */
export async function tableShape(session: Session, table: string): Promise<string[]> {
  const { rows } = await session.query<{ line: string }>(
    `select concat_ws(' ', attname, format_type(atttypid, atttypmod), attnotnull) as line
     from pg_attribute where attrelid = $1::regclass and attnum > 0
     union all
     select concat_ws(' ', conname, pg_get_constraintdef(oid)) from pg_constraint
     where conrelid = $1::regclass and contype = 'p'`,
    [table],
  );
  return rows.map(({ line }) => line);
}
