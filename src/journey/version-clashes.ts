import path from 'node:path';
import type { History, Layout, Migration, MigrationStatus } from '../layouts/layout';
import { lateMigration } from '../layouts/late-migrations';
import { migrationTitle } from '../layouts/migration-title';
import { versionOrder } from '../layouts/version-order';
import { onlyByTool, versionHolder } from '../layouts/written-version';
import { t } from '../messages/translate';

/** What stands in the way of a folder's tool because of versions, as a rebase or a change of branch leaves it. */
export interface VersionClash {
  /**
   * Two files of one version; a pending migration that its tool refuses or passes over, because a later one is applied;
   * migrations that the database has and this branch has not; what else a tool stumbles over in its files; files that
   * look like migrations and that it passes over.
   */
  kind: 'same-version' | 'late' | 'elsewhere' | 'files' | 'not-run';
  sentence: string;
  /** Absolute paths of files, either of which another version would help; empty where none would. */
  renumber: string[];
}

export interface ClashRequest {
  statuses: readonly MigrationStatus[];
  layout: Layout;
  /** null without a database. */
  history: History | null;
  /** Name of the database; null without one. */
  database: string | null;
  /** Versions of other folders that share the history. */
  others: ReadonlySet<string>;
  /** What `strangersIn` says of the folder. */
  strangers: readonly string[];
}

/** The clashes of a folder, those first that keep its tool from working. */
export function versionClashes(request: ClashRequest): VersionClash[] {
  const migrations = request.statuses.flatMap(({ migration }) => migration ?? []);
  return [
    ...migrations.flatMap((migration) => sameVersion(migration, request.layout)),
    ...late(request, migrations),
    ...elsewhere(request),
    ...migrations.flatMap(otherProblems),
    ...request.strangers.map((sentence): VersionClash => ({ kind: 'not-run', sentence, renumber: [] })),
  ];
}

function sameVersion(migration: Migration, { title }: Layout): VersionClash[] {
  const canMove = onlyByTool(migration, title) === null && !migration.kind;
  return (migration.twins ?? []).map(({ path: twin, sentence }) => ({
    kind: 'same-version',
    sentence,
    renumber: canMove ? [migration.upPath, fileOf(migration, twin)] : [],
  }));
}

/** Where each migration has a folder, the file in it that goes up. */
function fileOf({ layout, upPath }: Migration, twin: string): string {
  return versionHolder(layout, upPath) === upPath ? twin : path.join(twin, path.basename(upPath));
}

function otherProblems({ problems = [], twins = [] }: Migration): VersionClash[] {
  const told = new Set(twins.map(({ sentence }) => sentence));
  return problems
    .filter((sentence) => !told.has(sentence))
    .map((sentence) => ({ kind: 'files', sentence, renumber: [] }));
}

function late(request: ClashRequest, migrations: readonly Migration[]): VersionClash[] {
  const { statuses, history, layout, database } = request;
  if (!history || database === null) return [];
  const order = versionOrder(layout, migrations);
  const versions = history.applied.filter(({ kind }) => kind !== 'repeatable');
  const rows = new Set(versions.map(({ version }) => version));
  const [latest] = [...rows].sort((one, other) => order(other, one));
  if (latest === undefined) return [];
  const found = statuses.flatMap(({ migration, state, flags }) => {
    if (!migration || lateMigration(migration) === 'runs') return [];
    // A history that goes by its latest version counts a migration as applied that it has no row of.
    const isPassedOver =
      history.cumulative && !rows.has(migration.version) && order(migration.version, latest) < 0;
    return (state === 'pending' && flags.includes('out-of-order')) || isPassedOver ? [migration] : [];
  });
  const [first] = found;
  if (!first) return [];
  const names = namesOf(found.map((each) => path.basename(versionHolder(each.layout, each.upPath))));
  const what =
    lateMigration(first) === 'refused'
      ? t(
          '{0}: before {1}, which is applied to {2}, and {3} refuses to run what comes late.',
          names,
          latest,
          database,
          layout.title,
        )
      : t(
          '{0}: before {1}, which is applied to {2}, and {3} passes over what comes late without a word.',
          names,
          latest,
          database,
          layout.title,
        );
  const byTool = onlyByTool(first, layout.title);
  const next =
    byTool === null
      ? t('Renumber the file, so that it comes next.')
      : t('Another name is not enough: {0}', byTool);
  return [
    {
      kind: 'late',
      sentence: `${what} ${next}`,
      renumber: byTool === null ? found.map(({ upPath }) => upPath) : [],
    },
  ];
}

function elsewhere({ statuses, database, others }: ClashRequest): VersionClash[] {
  const missing = statuses.filter(({ migration, version }) => migration === null && !others.has(version));
  if (missing.length === 0 || database === null) return [];
  const sentence = t(
    'Applied to {0}, without a file on this branch: {1}. Another branch may have it: bring it in, give its version to no other migration, and neither apply nor roll back here before.',
    database,
    namesOf(missing.map(migrationTitle)),
  );
  return [{ kind: 'elsewhere', sentence, renumber: [] }];
}

const mostNames = 5;

function namesOf(names: readonly string[]): string {
  const shown = names.slice(0, mostNames).join(', ');
  return names.length > mostNames ? t('{0} and {1} more', shown, names.length - mostNames) : shown;
}
