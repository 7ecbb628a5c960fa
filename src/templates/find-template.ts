import path from 'node:path';
import type { Files } from '../ports/files';

/** Where templates lie, and how they are read. */
export interface TemplatePlaces {
  shippedFolder: string;
  /** `.switchback/templates` of a trusted workspace; a template there wins. null in an untrusted one. */
  overrideFolder: string | null;
  files: Files;
}

export interface FoundTemplate {
  file: string;
  source: string;
}

/** The folder of partials below a folder of templates. */
export const partialsFolder = 'partials';

/** The text of a template (`plan.md.hbs`, `partials/thresholds.hbs`), the workspace's own first; null: no such one. */
export async function findTemplate(name: string, places: TemplatePlaces): Promise<FoundTemplate | null> {
  for (const folder of templateFoldersOf(places)) {
    const file = path.join(folder, ...name.split('/'));
    const source = await places.files.readIfExists(file);
    // Line ends of the checkout must not decide those of the documents.
    if (source !== null) return { file, source: source.replaceAll('\r\n', '\n') };
  }
  return null;
}

/** The folders that are looked into, in their order. */
export function templateFoldersOf({ overrideFolder, shippedFolder }: TemplatePlaces): string[] {
  return [overrideFolder, shippedFolder].filter((folder) => folder !== null);
}
