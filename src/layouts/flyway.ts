import path from 'node:path';
import { flywayChecksum } from './flyway-checksum';
import { flywayEvidence } from './flyway-evidence';
import { flywayExecution, readFlywayHistory } from './flyway-history';
import { flywayMigrations } from './flyway-migrations';
import { compareFlywayVersions, nextFlywayName, parseFlywayName, writtenVersion } from './flyway-names';
import { flywayHistoryTable } from './flyway-table';
import { outsideConfiguration, outsideMarker, runsInTransaction } from './flyway-transaction';
import type { Direction, Layout } from './layout';
import type { ComposedFile } from './new-migration';
import { migrationScript, readDirection } from './migration-script';

/**
 * https://github.com/flyway/flyway: `V1_2__name.sql` with `U1_2__name.sql` as its way back; `R__name.sql`, which Flyway
 * runs whenever its text has changed, after all versions; `B1_2__name.sql`, which stands for the versions up to its own on
 * an empty history and is passed over on any other.
 */
export const flyway: Layout = {
  id: 'flyway',
  title: 'Flyway',

  folderOf(file) {
    const name = parseFlywayName(path.basename(file));
    return name?.prefix === 'V' || name?.prefix === 'U' || name?.prefix === 'B' ? path.dirname(file) : null;
  },

  compare: compareFlywayVersions,

  recordedHash: (up) => flywayChecksum(up.sql),

  /** Of a repeatable one Flyway sums up the text with its placeholders filled in, which are not known here. */
  acceptsHash: (up, recorded) =>
    flywayChecksum(up.sql) === recorded || (isRepeatable(up.path) && up.sql.includes('${')),

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
    const written = existing
      .filter(({ kind }) => kind !== 'repeatable')
      .map(({ upPath }) => writtenVersion(upPath));
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

function isRepeatable(file: string): boolean {
  return parseFlywayName(path.basename(file))?.prefix === 'R';
}

/** What runs outside a transaction says so in a `.conf` file too, which every Flyway since 6.1 reads. */
function configurationOf(file: ComposedFile): ComposedFile {
  return { ...file, path: `${file.path}.conf`, text: outsideConfiguration };
}
