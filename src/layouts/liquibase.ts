import path from 'node:path';
import { t } from '../messages/translate';
import type { Layout } from './layout';
import { readChangelogs } from './liquibase-changelog';
import { composeChangeset, includeComposed } from './liquibase-compose';
import { changesetsOf, isFormattedSql } from './liquibase-file';
import { changelogFolderOf, sqlFilesBelow } from './liquibase-folders';
import { liquibaseExecution, readHistory } from './liquibase-history';
import { liquibaseHistoryTable, usualTable } from './liquibase-table';
import { changesetScript, listChangesets } from './liquibase-migrations';
import { compareTexts } from './versions';

/**
 * https://docs.liquibase.com/concepts/changelogs/sql-format.html, as 4.28 reads it: a file begins with
 * `--liquibase formatted sql` and holds changesets, each a migration. A changelog in XML, YAML or JSON that includes the
 * files gives their order; else their paths do.
 */
export const liquibase: Layout = {
  id: 'liquibase',
  title: 'Liquibase',

  folderOf: (file) => (file.endsWith('.sql') ? changelogFolderOf(file) : null),

  compare: compareTexts,

  orderedByList: true,

  recordedHash: (up) => up.checksum ?? null,

  /** Sums of earlier versions are replaced by the tool, and what may run again may change. */
  acceptsHash(up, recorded) {
    if (up.checksum === recorded || (up.checksum ?? null) === null || !recorded.startsWith('9:')) return true;
    const changeset = changesetsOf(up.sql)[0];
    return (
      changeset !== undefined &&
      (changeset.runsAgain ||
        changeset.validChecksums.some((sum) => sum === recorded || /^(?:any|1:any)$/i.test(sum)))
    );
  },

  async detect(folder, files) {
    const found = await sqlFilesBelow(folder, files);
    const looked = [...new Set([...found.slice(0, 2), ...found.slice(-1)])];
    const texts = await Promise.all(looked.map((file) => files.readIfExists(file).catch(() => null)));
    const formatted = texts.filter((text) => text !== null && isFormattedSql(text)).length;
    if (formatted === 0) return null;
    const { root } = await readChangelogs(folder, files);
    return {
      confidence: formatted === looked.length || root !== null ? 0.95 : 0.6,
      evidence: [
        t('"{0}" in {1} of the {2} looked at', '--liquibase formatted sql', formatted, looked.length),
        ...(root === null ? [] : [t('{0} includes them', path.basename(root))]),
      ],
    };
  },

  list: listChangesets,

  script: changesetScript,

  historyTable: (folder, files) => liquibaseHistoryTable(folder, files),

  history: (_directory, session, table) => readHistory(session, table ?? usualTable),

  // A row repeats the comment, the contexts and the labels of its changeset.
  historyQuery: null,

  outsideTransaction: { by: 'companion' },

  compose: composeChangeset,

  seal: includeComposed,

  execution: liquibaseExecution,
};
