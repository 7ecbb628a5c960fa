import path from 'node:path';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { Files } from '../ports/files';
import type { Layout, LayoutEvidence } from './layout';
import { layouts } from './layouts';
import { migrationGlob } from './migration-files';

export interface DetectRequest {
  /** Absolute path of the workspace folder. */
  root: string;
  /** Folders named by the configuration, relative to `root`; empty means look everywhere. */
  folders: readonly string[];
  /** Folders not looked into, relative to `root`. */
  exclude: readonly string[];
  /** Layouts ask for the same folders and files, one after the other: see `filesAskedOnce`. */
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
  for (const [folder, possible] of await candidates(request)) {
    request.signal?.throwIfAborted();
    const found = await bestFit(folder, possible, request.files);
    if (found) detected.push(found);
  }
  return detected;
}

/** The layout that fits a folder best; null when none does. */
export async function detectLayout(folder: string, files: Files): Promise<DetectedLayout | null> {
  return bestFit(folder, layouts, files);
}

async function bestFit(
  folder: string,
  possible: Iterable<Layout>,
  files: Files,
): Promise<DetectedLayout | null> {
  let best: DetectedLayout | null = null;
  for (const layout of possible) {
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

/** The folders that files may be migrations of, in path order, with the layouts their names are right for. */
async function candidates(request: DetectRequest): Promise<[string, Set<Layout>][]> {
  const files = await request.files.find(request.root, migrationGlob, request.signal);
  const excluded = request.exclude.map((folder) => path.resolve(request.root, folder));
  const folders = new Map<string, Set<Layout>>();
  for (const [own, inside] of byFolder(files)) {
    if (excluded.some((outer) => own === outer || own.startsWith(outer + path.sep))) continue;
    for (const layout of layouts) {
      const folder = migrationsFolder(layout, inside);
      if (folder === null) continue;
      const possible = folders.get(folder);
      if (possible) possible.add(layout);
      else folders.set(folder, new Set([layout]));
    }
  }
  return [...folders].sort(([one], [other]) => (one < other ? -1 : 1));
}

function byFolder(files: readonly string[]): Map<string, string[]> {
  const folders = new Map<string, string[]>();
  for (const file of files) {
    const folder = file.slice(0, file.lastIndexOf(path.sep));
    const inside = folders.get(folder);
    if (inside) inside.push(file);
    else folders.set(folder, [file]);
  }
  return folders;
}

/** A folder whose first names are none of a tool's is not the tool's, whatever comes behind them. */
const mostNames = 50;

/** Where the migrations are that the files of one folder belong to; null where they are none of this layout. */
function migrationsFolder(layout: Layout, inside: readonly string[]): string | null {
  for (const file of inside.slice(0, mostNames)) {
    const folder = layout.folderOf(file);
    if (folder !== null) return folder;
  }
  return null;
}
