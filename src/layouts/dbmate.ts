import path from 'node:path';
import type { Session } from '../database/session';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { Files } from '../ports/files';
import { dbmateBlocks, hasDbmateMarker } from './dbmate-blocks';
import { historyTable } from './history-columns';
import { schemaOf, tableOfParts, tableSql } from './history-table';
import type { History, HistoryTable, Layout, LayoutExecution } from './layout';
import { migrationScript, partOfFile, readDirection } from './migration-script';
import { markerEvidence, oneFileMigrations, type NamedFile } from './one-file-migrations';
import { variableNear } from './tool-settings';
import { compareTexts, fileWords, nextVersion, utcStamp } from './versions';
import { appliedRow } from './applied-row';

/** The default of --migrations-table. */
const usual: HistoryTable = { schema: null, name: 'schema_migrations' };
const filePattern = /^([0-9]+)(.*)\.sql$/;
const outsideOption = ' transaction:false';

/** https://github.com/amacneil/dbmate: one file with `-- migrate:up` and `-- migrate:down`, a row for each version. */
export const dbmate: Layout = {
  id: 'dbmate',
  title: 'dbmate',

  folderOf: (file) => (filePattern.test(path.basename(file)) ? path.dirname(file) : null),

  // It runs files by their names as text: 10_x.sql comes before 9_x.sql.
  compare: (a, b) => compareTexts(`${a}_`, `${b}_`),

  recordedHash: () => null,

  async detect(folder, files) {
    return markerEvidence(await this.list(folder, files), '-- migrate:up', hasDbmateMarker, files);
  },

  async list(folder, files) {
    return oneFileMigrations('dbmate', folder, await namedFiles(folder, files), (extra, first) =>
      t(
        '{0} has the same version as {1}: dbmate records it once and fails. Rename one of them.',
        extra,
        first,
      ),
    );
  },

  async script(migration, direction, files) {
    const read = await readDirection(migration, direction, files);
    if (!read) return null;
    const { file, text } = read;
    const blocks = dbmateBlocks(text, path.basename(file));
    if (typeof blocks === 'string') throw new SwitchbackError('invalid-file', blocks);
    const { start, end, transactional } = blocks[direction];
    // Outside a transaction the block still is one simple query, which several statements share a transaction in.
    const transaction = transactional ? 'wrapped' : 'implicit';
    return migrationScript({ path: file, direction, ...partOfFile(text, start, end), transaction });
  },

  historyTable: async (folder, files) => {
    const name = await variableNear(folder, 'DBMATE_MIGRATIONS_TABLE', files);
    return name === null ? null : tableOfParts(name);
  },

  history: (_directory, session, table) => readHistory(session, table ?? usual),

  // A script of psql would run the whole file, its way back too.
  historyQuery: null,

  // The block starts behind the words of its marker, which the option is written after.
  outsideTransaction: { by: 'header', marker: outsideOption, alone: true },

  compose(request, existing) {
    const version =
      existing.length === 0
        ? utcStamp(request.now)
        : nextVersion(
            existing.map((migration) => migration.version),
            request.now,
            14,
          );
    const option = request.transactional ? '' : outsideOption;
    const file = path.join(request.folder, `${version}_${fileWords(request.name)}.sql`);
    // It refuses a file without a way back, though an empty one will do.
    const text = `-- migrate:up${option}\n${lines(request.up)}\n-- migrate:down${option}\n${lines(request.down ?? '')}`;
    return [{ path: file, text, direction: 'up', version }];
  },

  execution(migration, direction, context): LayoutExecution {
    const table = tableSql(context.table ?? usual);
    const row = { parameters: [migration.version] };
    return {
      lock: null,
      prepare: [
        ...schemaOf(context.table),
        `create table if not exists ${table} (version varchar primary key)`,
      ],
      // Another tool's table of the same name fails here, before anything runs.
      before: [{ sql: `select 1 from ${table} where version = ''::varchar`, parameters: [] }],
      sameTransaction: true,
      record: () => [
        direction === 'up'
          ? { sql: `insert into ${table} (version) values ($1::varchar)`, ...row }
          : { sql: `delete from ${table} where version = $1::varchar`, ...row },
      ],
    };
  },
};

function lines(sql: string): string {
  return sql === '' || sql.endsWith('\n') ? sql : `${sql}\n`;
}

async function namedFiles(folder: string, files: Files): Promise<NamedFile[]> {
  const entries = await files.list(folder);
  return entries
    .flatMap(({ name: fileName, kind }) => {
      const match = kind === 'file' ? filePattern.exec(fileName) : null;
      return match ? [{ fileName, version: match[1]!, name: match[2]!.replace(/^[_\-. ]+/, '') }] : [];
    })
    .sort((a, b) => compareTexts(a.fileName, b.fileName));
}

async function readHistory(session: Session, table: HistoryTable): Promise<History> {
  const found = await historyTable(session, 'dbmate', table, ['version character varying']);
  const history = { exists: found.exists, table: found.name, applied: [], cumulative: false };
  if (!found.exists) return history;
  const { rows } = await session.query<{ version: string }>(
    `select version from ${found.sql} order by version collate "C"`,
  );
  return { ...history, applied: rows.map(({ version }) => appliedRow(version)) };
}
