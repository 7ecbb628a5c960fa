import path from 'node:path';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { Files } from '../ports/files';
import type { Layout, LayoutEvidence } from './layout';
import { layouts } from './layouts';

export interface DetectRequest {
  /** Absolute path of the workspace folder. */
  root: string;
  /** Folders named by the configuration, relative to `root`; empty means look everywhere. */
  folders: readonly string[];
  /** Folders not looked into, relative to `root`. */
  exclude: readonly string[];
  files: Files;
  signal?: AbortSignal;
}

export interface DetectedLayout {
  /** Absolute path. */
  folder: string;
  layout: Layout;
  evidence: LayoutEvidence;
}

/**
 * The migration folders of a workspace, each with the layout that fits best, in path order. Throws `not-found`
 * for a configured folder that holds no migrations.
 */
export async function detectLayouts(request: DetectRequest): Promise<DetectedLayout[]> {
  if (request.folders.length > 0) {
    return Promise.all(request.folders.map((folder) => detectConfigured(request, folder)));
  }
  const detected: DetectedLayout[] = [];
  for (const folder of await candidateFolders(request)) {
    request.signal?.throwIfAborted();
    const found = await detectLayout(folder, request.files);
    if (found) detected.push(found);
  }
  return detected;
}

/** The layout that fits a folder best; null when none does. */
export async function detectLayout(folder: string, files: Files): Promise<DetectedLayout | null> {
  let best: DetectedLayout | null = null;
  for (const layout of layouts) {
    const evidence = await layout.detect(folder, files);
    if (evidence && evidence.confidence > (best?.evidence.confidence ?? 0))
      best = { folder, layout, evidence };
  }
  return best;
}

async function detectConfigured(request: DetectRequest, folder: string): Promise<DetectedLayout> {
  const absolute = path.resolve(request.root, folder);
  const found = await detectLayout(absolute, request.files);
  if (found) return found;
  throw new SwitchbackError(
    'not-found',
    t(
      'The configured folder {0} holds no migrations that Switchback knows: {1}. Correct "migrations" in .switchback/config.json.',
      folder,
      layouts.map((layout) => layout.title).join(', '),
    ),
  );
}

async function candidateFolders(request: DetectRequest): Promise<string[]> {
  const files = await request.files.find(request.root, '**/*.sql', request.signal);
  const excluded = request.exclude.map((folder) => path.resolve(request.root, folder));
  const folders = [...new Set(files.map((file) => path.dirname(file)))].filter(
    (folder) => !excluded.some((outer) => folder === outer || folder.startsWith(outer + path.sep)),
  );
  const set = new Set(folders);
  // The rollback folder of plain pairs belongs to the folder above it.
  return folders
    .filter((folder) => !(/^(rollback|down)$/i.test(path.basename(folder)) && set.has(path.dirname(folder))))
    .sort();
}
