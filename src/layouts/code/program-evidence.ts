import path from 'node:path';
import { t } from '../../messages/translate';
import { filesNamedLike } from '../evidence-text';
import type { Files } from '../../ports/files';
import type { LayoutEvidence, Migration } from '../layout';
import { dependsOn } from '../node-project';
import { signOfTool } from './script-migrations';

/** How programs are told to be one tool's. */
export interface ProgramSigns {
  /** What the text of its migrations has. */
  sign: RegExp;
  /** The packages a project of it depends on; the first names it. */
  packages: readonly string[];
  /** How sure a dependency alone makes, 0 to 1; null: not at all. */
  byPackage: number | null;
}

/** How sure programs of a folder are one tool's, by what they say and what their project depends on. */
export async function programEvidence(
  folder: string,
  migrations: readonly Migration[],
  { sign, packages, byPackage }: ProgramSigns,
  files: Files,
): Promise<LayoutEvidence | null> {
  if (migrations.length === 0) return null;
  const seen = await signOfTool(migrations, sign, files);
  const depends = await dependsOn(folder, packages, files);
  const evidence = [
    filesNamedLike(migrations.length, path.basename(migrations[0]!.upPath)),
    ...(seen ? [t('{0} has "{1}"', seen.file, seen.sign)] : []),
    ...(depends ? [t('package.json names {0}', packages[0]!)] : []),
  ];
  if (seen) return { confidence: depends ? 0.95 : 0.85, evidence };
  return depends && byPackage !== null ? { confidence: byPackage, evidence } : null;
}
