import path from 'node:path';
import { t } from '../messages/translate';
import type { LayoutId, Migration } from './layout';

/** Tools that give each migration a folder, whose name has the version. */
const folderEach: ReadonlySet<LayoutId> = new Set(['diesel', 'prisma']);
/** Programs whose tool goes by the name of the file; others name their version inside as well. */
const namedPrograms: ReadonlySet<LayoutId> = new Set(['knex', 'kysely', 'rails', 'sequelize']);

/** The file or folder whose name has the version of the migration that a file is of. */
export function versionHolder(layout: LayoutId, file: string): string {
  return folderEach.has(layout) ? path.dirname(file) : file;
}

/** Whether each migration of a tool has a folder of its own. */
export function hasFolderEach(layout: LayoutId): boolean {
  return folderEach.has(layout);
}

/** A name's version as it is written there, with what stands around it; null for a name without one. */
export function writtenVersion(
  layout: LayoutId,
  name: string,
): { before: string; version: string; after: string } | null {
  const match = patternOf(layout).exec(name);
  if (!match) return null;
  const [, before, version] = match as unknown as [string, string, string];
  return { before, version, after: name.slice(before.length + version.length) };
}

function patternOf(layout: LayoutId): RegExp {
  switch (layout) {
    case 'flyway':
      return /^([VU])(\d+(?:[._]\d+)*)(?=__|\.sql)/;
    case 'refinery':
      return /^([VU])(\d+)(?=__)/;
    case 'diesel':
      return /^()(\d[^_]*)/;
    default:
      return /^()(\d+)/;
  }
}

/** Why a migration gets another version from its tool alone, and how; null where its files need only other names. */
export function onlyByTool({ layout, isCode }: Migration, title: string): string | null {
  switch (layout) {
    case 'drizzle':
      return t(
        'each snapshot of Drizzle names the one before it. Take it out with "drizzle-kit drop" and generate it again.',
      );
    case 'graphile-migrate':
      return t(
        'each file has the hash of the one before it. Run "graphile-migrate uncommit" and commit it again.',
      );
    case 'sqitch':
      return t('its place is that of its line in sqitch.plan. Move the line there.');
    default:
      return isCode && !namedPrograms.has(layout)
        ? t('it is a program that names its version itself. Generate it again with {0}.', title)
        : null;
  }
}
