import path from 'node:path';
import { detectLayout } from '../layouts/detect-layouts';
import { t } from '../messages/translate';
import type { Files } from '../ports/files';
import { changedFiles } from '../ports/renamed-files';
import type { MigrationFolder } from './migrations';

/** Names that begin as versions do. */
const likeVersion = /^[VU]?\d.*\.sql$/i;

/** SQL files of a migrations folder that look like migrations, and that its tool passes over: a sentence for all of them. */
export async function strangersIn(
  { folder, layout, title, migrations }: MigrationFolder,
  files: Files,
): Promise<string[]> {
  const own = new Set(
    migrations.flatMap(({ upPath, downPath, twins = [] }) => [
      upPath,
      downPath,
      ...twins.map((twin) => twin.path),
    ]),
  );
  const told = migrations.flatMap(({ problems = [] }) => problems);
  const names = (await files.list(folder))
    .filter(
      ({ name, kind }) =>
        kind === 'file' && likeVersion.test(name) && !own.has(`${folder}${path.sep}${name}`),
    )
    .map(({ name }) => name)
    .filter((name) => !told.some((sentence) => sentence.includes(name)));
  if (names.length === 0) return [];
  const strange = new Set(names);
  const alone = changedFiles(files, {
    keeps: (place, { name, kind }) => kind === 'folder' || place !== folder || strange.has(name),
  });
  const other = await detectLayout(folder, alone);
  const shown = names.slice(0, mostNames).join(', ');
  const list = names.length > mostNames ? t('{0} and {1} more', shown, names.length - mostNames) : shown;
  return [
    other && other.layout.id !== layout
      ? t(
          '{0}: as {1} names its files, in a folder of {2}, which never runs them. Give each tool a folder of its own.',
          list,
          other.layout.title,
          title,
        )
      : t(
          '{0}: named like migrations, and {1} never runs them. Rename them as it does, or move them.',
          list,
          title,
        ),
  ];
}

const mostNames = 5;
