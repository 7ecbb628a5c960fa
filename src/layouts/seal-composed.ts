import type { Files } from '../ports/files';
import type { Layout } from './layout';
import type { ComposedFile, SealedFiles } from './new-migration';

/** What has to be written for composed files: as they are, where the layout has nothing to add. */
export async function sealComposed(
  layout: Layout,
  composed: readonly ComposedFile[],
  files: Files,
): Promise<SealedFiles> {
  return layout.seal ? layout.seal(composed, files) : { files: [...composed], beside: [] };
}
