import path from 'node:path';
import type { Layout } from '../../layouts/layout';
import { layoutById } from '../../layouts/layouts';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import type { Files } from '../../ports/files';
import type { ReleasedFile } from '../run-context';
import type { LoadedPlan } from './plan-file';

/**
 * The migration of the team's folder that a step was released into; null while it is held. A file that was renamed
 * is not found again: throws `not-found`. `layout` is the one of the plan's folder, at its own history table.
 */
export async function releasedFile(
  loaded: LoadedPlan,
  stepId: string,
  root: string,
  files: Files,
  layout: Layout = layoutById(loaded.plan.layout.id),
): Promise<ReleasedFile | null> {
  const release = loaded.releases.find((candidate) => candidate.step === stepId);
  if (!release) return null;
  const { layout: reference } = loaded.plan;
  const siblings = await layout.list(path.join(root, ...reference.folder.split('/')), files);
  const upPath = path.join(root, ...release.up.path.split('/'));
  const migration = siblings.find((candidate) => candidate.upPath === upPath);
  if (!migration) {
    throw new SwitchbackError(
      'not-found',
      t(
        'Step {0} was released as {1}, which is not there any more. Restore the file from version control.',
        stepId,
        release.up.path,
      ),
    );
  }
  return {
    layout,
    migration,
    siblings,
    directory: reference.folder,
    up: await layout.script(migration, 'up', files),
    down: await layout.script(migration, 'down', files),
  };
}
