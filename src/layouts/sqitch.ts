import { createHash } from 'node:crypto';
import path from 'node:path';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { Layout, LayoutExecution, Migration } from './layout';
import type { ComposedFile } from './new-migration';
import { migrationScript, readDirection } from './migration-script';
import { addToPlan, planFile, plannedMigrations, scriptFolders } from './sqitch-changes';
import { projectConfiguration } from './sqitch-configuration';
import { makeRegistry, readSqitchHistory, registryOf } from './sqitch-registry';
import { deployable, deployedRows, revertable, revertedRows, type SqitchRecord } from './sqitch-rows';
import { fileWords } from './versions';

/** The tool's own advisory lock: try_lock in App/Sqitch/Engine/pg.pm. */
const lockKey = '75474063';
const byteOrderMark = '\ufeff';

/**
 * https://sqitch.org: `sqitch.plan` lists changes, each with a script in `deploy/`, one in `revert/` and one in `verify/`.
 * The version is the change's id, by which the registry knows it: names come again where a change is reworked, and tags
 * are added later, but the id stands for the line and all lines before it. It tells no place, which only the plan does.
 * psql runs the scripts, each with the author's own BEGIN and COMMIT. A failed deployment leaves no event of ours.
 */
export const sqitch: Layout = {
  id: 'sqitch',
  title: 'Sqitch',

  folderOf(file) {
    if (!file.endsWith('.sql')) return null;
    const parts = file.split(path.sep);
    const place = parts.findLastIndex(
      (part, index) => index < parts.length - 1 && Object.values<string>(scriptFolders).includes(part),
    );
    return place > 0 && parts[place] !== scriptFolders.verify ? parts.slice(0, place).join(path.sep) : null;
  },

  compare: () => 0,

  orderedByList: true,

  /** Over the file's bytes, without a byte order mark: psql skips one, and reading here loses it. */
  recordedHash: (up) => sha1(up.sql),

  acceptsHash: (up, recorded) => [up.sql, byteOrderMark + up.sql].some((text) => sha1(text) === recorded),

  async detect(folder, files) {
    const text = await files.readIfExists(path.join(folder, planFile)).catch(() => null);
    const project = text === null ? null : /^[\t ]*%[\t ]*project[\t ]*=[\t ]*(\S+)/m.exec(text)?.[1];
    if (!project) return null;
    const configuration = await projectConfiguration(folder, files);
    const engine = configuration?.settings.get('core.engine') ?? 'pg';
    const forPostgres = [...(configuration?.settings.keys() ?? [])].some((key) =>
      key.startsWith('engine.pg.'),
    );
    if (engine !== 'pg' && !forPostgres) return null;
    const evidence = [t('{0} of the project {1}', planFile, project)];
    if (configuration) evidence.push(path.relative(folder, configuration.file));
    return { confidence: 0.95, evidence };
  },

  list: (folder, files) => plannedMigrations(folder, files),

  async script(migration, direction, files) {
    const read = await readDirection(migration, direction, files);
    if (!read) return null;
    const { file, text: sql } = read;
    return migrationScript({ path: file, direction, sql, offset: 0, transaction: 'none' });
  },

  async historyTable(folder, files) {
    const settings = (await projectConfiguration(folder, files))?.settings;
    const registry = settings?.get('engine.pg.registry') ?? settings?.get('core.registry');
    return registry ? { schema: registry, name: 'changes' } : null;
  },

  history: (_directory, session, table) => readSqitchHistory(session, table),

  // The rows repeat what the plan says.
  historyQuery: null,

  outsideTransaction: { by: 'always' },

  compose(request, existing) {
    const version = freeName(fileWords(request.name), existing);
    const planned = { at: request.now, note: request.name.replace(/[\\\r\n]+/g, ' ').trim() };
    const text = (sql: string): string =>
      request.transactional ? `BEGIN;\n\n${sql.trim()}\n\nCOMMIT;\n` : `${sql.trimEnd()}\n`;
    const inFolder = (folder: string): string => path.join(request.folder, folder, `${version}.sql`);
    const up: ComposedFile = {
      path: inFolder(scriptFolders.up),
      text: text(request.up),
      direction: 'up',
      version,
      planned,
    };
    if (request.down === null) return [up];
    return [
      up,
      { path: inFolder(scriptFolders.down), text: text(request.down), direction: 'down', version, planned },
    ];
  },

  /** The id of a composed change, its version from here on, hangs on the line of the plan before its own. */
  seal: (composed, files) => addToPlan(composed, sqitch.folderOf(composed[0]!.path)!, files),

  execution(migration, direction, context): LayoutExecution {
    const registry = registryOf(context.table);
    const { version: id, planned } = migration;
    const committer = { name: context.by, email: planned?.committerEmail ?? context.by };
    const record = (): SqitchRecord => ({
      registry,
      id,
      planned: planned ?? unplanned(migration),
      committer,
      scriptHash: context.recordedHash,
    });
    return {
      lock: {
        take: `select pg_advisory_lock(${lockKey}::bigint)`,
        release: `select pg_advisory_unlock(${lockKey}::bigint)`,
      },
      prepare: makeRegistry(registry, planned, committer),
      before:
        planned === undefined
          ? []
          : direction === 'up'
            ? deployable(record())
            : revertable(registry, id, migration.name),
      sameTransaction: false,
      record: () => (direction === 'up' ? deployedRows(record()) : revertedRows(registry, id, committer)),
    };
  },
};

/** A name that no line of the plan has: a second one is a rework, which is the author's to ask for. */
function freeName(words: string, existing: readonly Migration[]): string {
  // What Sqitch would take for an id.
  const name = /^[0-9a-f]{40}/.test(words) ? `change_${words}` : words;
  const taken = new Set(existing.map(({ planned, name: other }) => planned?.change ?? other));
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? name : `${name}_${number}`;
    if (!taken.has(candidate)) return candidate;
  }
}

function unplanned({ name, version }: Migration): never {
  throw new SwitchbackError(
    'invalid-input',
    t('The change {0} is not in {1}. Add it there, and apply it again.', name || version, planFile),
  );
}

function sha1(text: string): string {
  return createHash('sha1').update(text, 'utf8').digest('hex');
}
