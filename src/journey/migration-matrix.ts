import type { Environment } from '../database/connection';
import type { Layout, LayoutId, MigrationFlag, MigrationState, MigrationStatus } from '../layouts/layout';
import type { FolderStatus } from './migrations';

/** One connection with what was read there, or why nothing could be. */
export interface MatrixColumn {
  name: string;
  environment: Environment;
  answer: { kind: 'read'; folders: readonly FolderStatus[] } | { kind: 'problem'; sentence: string };
}

/** Every migration of a folder against every connection. */
export interface MigrationMatrix {
  /** Absolute path. */
  folder: string;
  /** Relative to the workspace folder, with `/`. */
  label: string;
  /** The tool's name. */
  tool: string;
  columns: MatrixHeading[];
  rows: MatrixRow[];
}

export interface MatrixHeading {
  name: string;
  environment: Environment;
  /** Why its states are not known; null where they are. */
  problem: string | null;
}

export interface MatrixRow {
  version: string;
  name: string;
  /** Absolute path of the up; null where no file of the folder has it. */
  path: string | null;
  /** What is not the same on the connections that were read. */
  differs: MatrixDifference;
  /** As the columns; null where it is not known. */
  cells: (MatrixCell | null)[];
}

/** The state, or what was applied by the checksum of each history. */
export type MatrixDifference = 'none' | 'state' | 'checksum';

export interface MatrixCell {
  /** `absent`: no file here has it, and this database has not had it either. */
  state: MigrationState | 'absent';
  flags: MigrationFlag[];
  appliedAt: string | null;
  appliedBy: string | null;
  milliseconds: number | null;
  checksum: string | null;
}

const environmentOrder: readonly Environment[] = ['development', 'staging', 'production'];

/** The columns in the order of a release: development, staging, production; by name among themselves. */
export function inReleaseOrder<T extends { name: string; environment: Environment }>(
  columns: readonly T[],
): T[] {
  const place = ({ environment }: T): number => environmentOrder.indexOf(environment);
  return [...columns].sort((a, b) => place(a) - place(b) || a.name.localeCompare(b.name, 'en'));
}

/** The columns as rows of migrations, a matrix for each folder, in the tool's own order of versions. */
export function migrationMatrices(
  columns: readonly MatrixColumn[],
  folders: readonly Pick<FolderStatus, 'folder' | 'label' | 'layout' | 'title'>[],
  compareOf: (layout: LayoutId) => Layout['compare'],
): MigrationMatrix[] {
  return folders.map(({ folder, label, layout, title }) => {
    const found = columns.map((column) => folderIn(column, folder));
    return {
      folder,
      label,
      tool: title,
      columns: columns.map(({ name, environment }, place) => ({
        name,
        environment,
        problem: found[place]!.problem,
      })),
      rows: rowsOf(
        found.map(({ statuses }) => statuses),
        compareOf(layout),
      ),
    };
  });
}

type Statuses = readonly MigrationStatus[] | null;

function folderIn({ answer }: MatrixColumn, folder: string): { statuses: Statuses; problem: string | null } {
  if (answer.kind === 'problem') return { statuses: null, problem: answer.sentence };
  const found = answer.folders.find((each) => each.folder === folder);
  if (!found) return { statuses: [], problem: null };
  // Without a history table all would look as if it were pending.
  if (found.historyTable === null) return { statuses: null, problem: found.problems.join(' ') };
  return { statuses: found.statuses, problem: null };
}

function rowsOf(columns: readonly Statuses[], compare: Layout['compare']): MatrixRow[] {
  const byVersion = columns.map((statuses) => statuses && new Map(statuses.map((one) => [one.version, one])));
  const versions = new Set(columns.flatMap((statuses) => (statuses ?? []).map(({ version }) => version)));
  return [...versions].sort(compare).map((version) => {
    const found = byVersion.map((statuses) => statuses && (statuses.get(version) ?? null));
    const known = found.filter((status) => status !== null);
    const cells = byVersion.map((statuses) => statuses && cellOf(statuses.get(version)));
    return {
      version,
      name: known.find(({ migration }) => migration)?.name ?? known[0]?.name ?? '',
      path: known.find(({ migration }) => migration)?.migration?.upPath ?? null,
      differs: difference(cells.filter((cell) => cell !== null)),
      cells,
    };
  });
}

function cellOf(status: MigrationStatus | undefined): MatrixCell {
  const { applied } = status ?? {};
  return {
    state: status?.state ?? 'absent',
    flags: status?.flags ?? [],
    appliedAt: applied?.appliedAt ?? null,
    appliedBy: applied?.appliedBy ?? null,
    milliseconds: applied?.milliseconds ?? null,
    checksum: applied?.contentHash ?? null,
  };
}

function difference(cells: readonly MatrixCell[]): MatrixDifference {
  if (new Set(cells.map(({ state }) => state)).size > 1) return 'state';
  const checksums = cells.flatMap(({ checksum }) => (checksum === null ? [] : [checksum]));
  return new Set(checksums).size > 1 ? 'checksum' : 'none';
}
