import path from 'node:path';
import { t } from '../messages/translate';
import type { Files } from '../ports/files';
import { filesNamedLike } from './evidence-text';
import { cargoEvidence } from './cargo-project';
import { flywayFiles } from './flyway-migrations';
import type { LayoutEvidence } from './layout';

/** `src/main/resources/db/migration` lies five below its project. */
const levelsAbove = 6;
const configurations = ['flyway.conf', 'flyway.toml', path.join('conf', 'flyway.conf')];
const projects = ['pom.xml', 'build.gradle', 'build.gradle.kts'];

/** How sure a folder is Flyway's. refinery names its files the same: a Cargo project that depends on it is not ours. */
export async function flywayEvidence(folder: string, files: Files): Promise<LayoutEvidence | null> {
  const named = await flywayFiles(folder, files);
  const versioned = named.filter(({ name }) => name.prefix === 'V' || name.prefix === 'B');
  if (versioned.length === 0) return null;
  const evidence = [filesNamedLike(versioned.length, versioned[0]!.file)];
  const around = await projectEvidence(folder, files);
  if (around !== null) return { confidence: 0.95, evidence: [...evidence, around] };
  const refinery = { crates: ['refinery', 'refinery-core', 'refinery-macros'], traces: ['refinery.toml'] };
  if ((await cargoEvidence(folder, refinery, files)).length > 0) return null;
  const repeatable = named.filter(({ name }) => name.prefix === 'R' || name.prefix === 'B');
  if (repeatable.length > 0) evidence.push(filesNamedLike(repeatable.length, repeatable[0]!.file));
  const usual = folder.split(path.sep).slice(-2).join('/') === 'db/migration';
  if (usual) evidence.push(t('The folder is called {0}', 'db/migration'));
  return { confidence: usual ? 0.8 : repeatable.length > 0 ? 0.7 : 0.6, evidence };
}

/** A file of Flyway's own, or a Java project that names it, beside or above the folder. */
async function projectEvidence(folder: string, files: Files): Promise<string | null> {
  let current = folder;
  let read = 0;
  for (let level = 0; level <= levelsAbove; level += 1) {
    for (const name of configurations) {
      const file = path.join(current, name);
      if (await files.exists(file)) return t('Flyway is configured in {0}', path.basename(file));
    }
    for (const name of projects) {
      // The nearest project, and the one it is part of.
      const text = read < 2 ? await readProject(path.join(current, name), files) : null;
      if (text === null) continue;
      read += 1;
      if (/flyway/i.test(text)) return t('{0} names Flyway', name);
    }
    const above = path.dirname(current);
    if (above === current) break;
    current = above;
  }
  return null;
}

function readProject(file: string, files: Files): Promise<string | null> {
  // One that cannot be read is no evidence; the build tool itself says what is wrong with it.
  return files.readIfExists(file).catch(() => null);
}
