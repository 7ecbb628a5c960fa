import { createHash } from 'node:crypto';
import path from 'node:path';
import type { Session } from '../database/session';
import { t } from '../messages/translate';
import type { Files } from '../ports/files';
import { alembicCommand, alembicTable } from './alembic-place';
import { alembicRevisions } from './alembic-revisions';
import { alembicText, readAlembicText } from './alembic-text';
import { appliedRow } from './applied-row';
import { codeScript, type EmbeddedSql } from './code/embedded-sql';
import { nearestFile } from './code/node-command';
import { moduleStem } from './code/module-stem';
import { bodyDoes, functionBody, hasCall, sqlOfFunction, type PythonPlaces } from './code/read-python';
import { readPython, type PythonProgram } from './code/python-tree';
import { readNested } from './code/read-nested';
import { codeValues } from './code/script-migrations';
import { historyTable } from './history-columns';
import { schemaOf, tableSql } from './history-table';
import type {
  Direction,
  FollowedMigration,
  History,
  HistoryTable,
  Layout,
  LayoutExecution,
  Migration,
  ParameterizedSql,
} from './layout';
import { readDirection } from './migration-script';
import { fileWords, nextVersion, utcStamp } from './versions';

/** The default of `version_table`. */
const usual: HistoryTable = { schema: null, name: 'alembic_version' };
const sign = /^down_revision\b.*$/m;
const places: PythonPlaces = {
  calls: ['execute', 'exec_driver_sql'],
  keywords: ['sqltext', 'statement', 'object_'],
  read: readAlembicText,
};

/** https://alembic.sqlalchemy.org/: `versions/<revision>_name.py`, each naming the revision it goes on from. */
export const alembic: Layout = {
  id: 'alembic',
  title: 'Alembic',

  folderOf(file) {
    const stem = moduleStem(file);
    if (stem === null) return null;
    const folder = path.dirname(file);
    return path.basename(folder) === 'versions' || /^[0-9a-f]{12}_/.test(stem) ? folder : null;
  },

  // Only what the files name tells which comes first.
  compare: () => 0,

  orderedByList: true,

  recordedHash: () => null,

  async detect(folder, files) {
    const names = (await files.list(folder)).filter(
      ({ name, kind }) => kind === 'file' && moduleStem(name) !== null,
    );
    const seen = await fileWith(
      folder,
      names.map(({ name }) => name),
      files,
    );
    if (seen === null) return null;
    const configuration = await nearestFile(folder, ['alembic.ini'], files);
    const evidence = [
      t('{0} has "{1}"', seen.name, seen.sign),
      ...(configuration ? [t('{0} is there', 'alembic.ini')] : []),
    ];
    return { confidence: configuration ? 0.95 : 0.85, evidence };
  },

  list: (folder, files) => alembicRevisions(folder, files),

  async script(migration, direction, files) {
    const read = await readDirection(migration, direction, files);
    if (!read) return null;
    const { embedded, transaction } = await readNested(read.file, async () => {
      const program = await readPython(read.text);
      const body = functionBody(program, functionOf[direction]);
      const isAutomatic = body && hasCall(program, body, 'autocommit_block');
      return {
        embedded: sqlOf(program, direction),
        transaction: isAutomatic ? ('none' as const) : ('wrapped' as const),
      };
    });
    return embedded && codeScript({ path: read.file, source: read.text, direction, embedded, transaction });
  },

  historyTable: alembicTable,

  history: (_directory, session, table) => readHistory(session, table ?? usual),

  // What comes before the row is in the files.
  historyQuery: null,

  outsideTransaction: { by: 'code' },

  compose(request, existing) {
    const last = existing.at(-1);
    const version = nextRevision(existing, request.name, request.now);
    const slug = fileWords(request.name).slice(0, 40).replace(/_$/, '');
    const stem = `${last ? datedPrefix(last, request.now) : ''}${version}_${slug}`;
    const previous = last?.version ?? null;
    const names = { version, stem, previous, written: alembicText };
    const file = path.join(request.folder, `${stem}.py`);
    const text = request.fill?.('alembic.py', codeValues(request, names), file) ?? '';
    return [{ path: file, text, direction: 'up', version }];
  },

  execution(migration, direction, context): LayoutExecution {
    const table = tableSql(context?.table ?? usual);
    return {
      lock: null,
      prepare: [
        ...schemaOf(context?.table),
        `create table if not exists ${table} (version_num varchar(32) not null, constraint alembic_version_pkc primary key (version_num))`,
      ],
      before: [],
      sameTransaction: true,
      record: () => headRows(table, migration.version, migration.follows ?? [], direction),
    };
  },

  tool: {
    run: {
      applies: 'up-to',
      takesBack: 'from',
      command: ({ folder, version, follows }, direction, files) =>
        direction === 'up'
          ? alembicCommand(folder, ['upgrade', version], files)
          : alembicCommand(folder, ['downgrade', before(follows)], files),
    },
    emit: ({ folder, version, follows }, direction, files) => {
      const from = before(follows);
      return direction === 'up'
        ? alembicCommand(folder, ['upgrade', `${from}:${version}`, '--sql'], files)
        : alembicCommand(folder, ['downgrade', `${version}:${from}`, '--sql'], files);
    },
    generate: (folder, name, files) =>
      alembicCommand(folder, ['revision', '--autogenerate', '-m', name], files),
  },
};

const functionOf: Record<Direction, string> = { up: 'upgrade', down: 'downgrade' };

/** A way back that only raises is none, and so is one that does nothing where the way there does something. */
function sqlOf(program: PythonProgram, direction: Direction): EmbeddedSql[] | null {
  const body = functionBody(program, functionOf[direction]);
  if (!body) return null;
  const does = bodyDoes(body);
  const up = functionBody(program, functionOf.up);
  if (does === 'raises') return null;
  if (direction === 'down' && does === 'nothing' && up && bodyDoes(up) === 'something') return null;
  return sqlOfFunction(program, functionOf[direction], places);
}

/** Going back to one of those that a revision follows takes it back, and leaves the others. */
function before(follows: readonly FollowedMigration[] = []): string {
  return follows[0]?.version ?? 'base';
}

/** The rows that Alembic keeps are those of the last revisions: the one before gives way to the one after. */
function headRows(
  table: string,
  version: string,
  follows: readonly FollowedMigration[],
  direction: Direction,
): ParameterizedSql[] {
  const insert = `insert into ${table} (version_num) select $1::varchar`;
  const remove = `delete from ${table} where version_num = any ($1::varchar[])`;
  if (direction === 'up')
    return [
      { sql: remove, parameters: [follows.map((one) => one.version)] },
      { sql: insert, parameters: [version] },
    ];
  return [
    { sql: remove, parameters: [[version]] },
    ...follows.map((one) => ({
      sql: `${insert} where not exists (select from ${table} where version_num = any ($2::varchar[]))`,
      parameters: [one.version, one.alsoBefore],
    })),
  ];
}

async function fileWith(
  folder: string,
  names: readonly string[],
  files: Files,
): Promise<{ name: string; sign: string } | null> {
  for (const name of names.slice(0, 3)) {
    const text = (await files.readIfExists(path.join(folder, name)).catch(() => null)) ?? '';
    const found = sign.exec(text);
    if (found && /^revision\b/m.test(text)) return { name, sign: found[0].trim() };
  }
  return null;
}

/** The next number where revisions are numbered; else twelve digits as Alembic draws them, which name and place decide. */
function nextRevision(existing: readonly Migration[], name: string, now: Date): string {
  const versions = existing.map(({ version }) => version);
  if (versions.length > 0 && versions.every((version) => /^\d{1,11}$/.test(version)))
    return nextVersion(versions, now, 4);
  for (let attempt = 0; ; attempt += 1) {
    const seed = [versions.at(-1) ?? '', name, attempt].join('\0');
    const id = createHash('sha256').update(seed).digest('hex').slice(0, 12);
    if (!versions.includes(id) && !/^\d+$/.test(id)) return id;
  }
}

/** What stands before the revision in the names of a folder whose `file_template` begins with a date. */
function datedPrefix({ upPath, version }: Migration, now: Date): string {
  const stem = path.basename(upPath, '.py');
  const prefix = stem.includes(`${version}_`) ? stem.slice(0, stem.indexOf(`${version}_`)) : '';
  const length = prefix.replace(/\D/g, '').length;
  if (!/^(19|20)\d\d[\d_-]*$/.test(prefix) || ![8, 10, 12, 14].includes(length)) return '';
  const digits = [...utcStamp(now)];
  return prefix.replace(/\d/g, () => digits.shift()!);
}

async function readHistory(session: Session, table: HistoryTable): Promise<History> {
  const found = await historyTable(session, 'Alembic', table, ['version_num']);
  const history: History = {
    exists: found.exists,
    table: found.name,
    applied: [],
    cumulative: false,
    heads: true,
    inOrder: true,
  };
  if (!found.exists) return history;
  const { rows } = await session.query<{ version: string }>(
    `select version_num as version from ${found.sql} order by version_num collate "C"`,
  );
  return { ...history, applied: rows.map(({ version }) => appliedRow(version)) };
}
