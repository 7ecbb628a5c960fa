import path from 'node:path';
import { flywayChecksum } from './flyway-checksum';
import { flywayEvidence } from './flyway-evidence';
import { flywayExecution, readFlywayHistory } from './flyway-history';
import { flywayMigrations } from './flyway-migrations';
import { compareFlywayVersions, nextFlywayName, parseFlywayName, writtenVersion } from './flyway-names';
import { flywayHistoryTable } from './flyway-table';
import { outsideConfiguration, outsideMarker, runsInTransaction } from './flyway-transaction';
import type { ComposedFile, Direction, Layout } from './layout';
import { migrationScript, readDirection } from './migration-script';

/**
 * https://github.com/flyway/flyway: `V1_2__name.sql` with `U1_2__name.sql` as its way back. `R__name.sql`, which Flyway
 * runs whenever its text has changed, has no version and `B1_2__name.sql` stands for those before it on an empty
 * database: neither is listed. Files in subfolders, which Flyway takes too, are a folder of their own here.
 */
export const flyway: Layout = {
  id: 'flyway',
  title: 'Flyway',

  folderOf(file) {
    const name = parseFlywayName(path.basename(file));
    return name?.prefix === 'V' || name?.prefix === 'U' ? path.dirname(file) : null;
  },

  compare: compareFlywayVersions,

  recordedHash: (up) => flywayChecksum(up.sql),

  detect: (folder, files) => flywayEvidence(folder, files),

  list: (folder, files) => flywayMigrations(folder, files),

  /** Placeholders such as `${schema}` are left as they are: their values are in Flyway's configuration. */
  async script(migration, direction, files) {
    const read = await readDirection(migration, direction, files);
    if (!read) return null;
    const { file, text: sql } = read;
    const transaction = (await runsInTransaction(file, sql, files)) ? 'wrapped' : 'none';
    return migrationScript({ path: file, direction, sql, offset: 0, transaction });
  },

  historyTable: (folder, files) => flywayHistoryTable(folder, files),

  history: (_directory, session, table) => readFlywayHistory(session, table),

  // The row names the file, and that of an undo has a checksum: scripts know neither.
  historyQuery: null,

  outsideTransaction: { by: 'header', marker: outsideMarker },

  compose(request, existing) {
    const written = existing.map(({ upPath }) => writtenVersion(upPath));
    const { version, rest } = nextFlywayName(written, request);
    const file = (direction: Direction, sql: string): ComposedFile => ({
      path: path.join(request.folder, `${direction === 'up' ? 'V' : 'U'}${rest}`),
      text: request.transactional ? sql : `${outsideMarker}\n${sql}`,
      direction,
      version,
    });
    const up = file('up', request.up);
    const both = request.down === null ? [up] : [up, file('down', request.down)];
    return request.transactional ? both : [...both, ...both.map(configurationOf)];
  },

  execution: flywayExecution,
};

/** What runs outside a transaction says so in a `.conf` file too, which every Flyway since 6.1 reads. */
function configurationOf(file: ComposedFile): ComposedFile {
  return { ...file, path: `${file.path}.conf`, text: outsideConfiguration };
}
