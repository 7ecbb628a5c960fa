import path from 'node:path';
import { t } from '../messages/translate';
import type { Files } from '../ports/files';

/** Cargo manifests whose text is looked at. */
const manifestsRead = 2;
/** `crates/database/src/migrations/sql` lies four below its crate. */
const levelsAbove = 5;

export interface CargoSigns {
  /** Names of the crates, as a manifest writes them. */
  crates: readonly string[];
  /** Files and folders that only this tool leaves in a project. */
  traces: readonly string[];
}

/**
 * What a Rust project around a folder says for one of its crates, in words: a manifest that depends on it, or a file of
 * its own, beside or above the folder. Empty where nothing does. A Go module on the way up ends the search.
 */
export async function cargoEvidence(folder: string, signs: CargoSigns, files: Files): Promise<string[]> {
  const dependency = dependencyPattern(signs.crates);
  let read = 0;
  let current = folder;
  for (let level = 0; level <= levelsAbove; level += 1) {
    for (const trace of signs.traces) {
      if (await files.exists(path.join(current, trace))) return [t('{0} lies {1}', trace, placeOf(level))];
    }
    const manifest = read < manifestsRead ? await readManifest(current, files) : null;
    if (manifest !== null) {
      read += 1;
      const found = dependency.exec(manifest);
      if (found) return [t('Cargo.toml {0} depends on {1}', placeOf(level), signs.crates[0]!)];
    } else if (await files.exists(path.join(current, 'go.mod'))) return [];
    const above = path.dirname(current);
    if (above === current) return [];
    current = above;
  }
  return [];
}

function readManifest(folder: string, files: Files): Promise<string | null> {
  // A manifest that cannot be read is no evidence; Cargo itself says what is wrong with it.
  return files.readIfExists(path.join(folder, 'Cargo.toml')).catch(() => null);
}

function placeOf(level: number): string {
  return level === 0 ? t('in the folder') : t('above the folder');
}

/** `sqlx = ...`, `sqlx.workspace = ...`, `[dependencies.sqlx]`: https://doc.rust-lang.org/cargo/reference/specifying-dependencies.html */
function dependencyPattern(crates: readonly string[]): RegExp {
  const names = `"?(?:${crates.join('|')})"?`;
  return new RegExp(`^[ \\t]*(?:${names}[ \\t]*[=.]|\\[[^\\]\\n]*dependencies\\.${names}\\])`, 'm');
}
