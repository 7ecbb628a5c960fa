import { layoutById } from '../layouts/layouts';
import type { Layout, LayoutId } from '../layouts/layout';
import { sealComposed } from '../layouts/seal-composed';
import { isSwitchbackError } from '../messages/error';
import type { Files } from '../ports/files';
import type { Finding, Fix } from '../safety/finding';
import { TextPositions } from '../sql/positions';
import type { LintedFile } from './outcomes';

/**
 * The same with the tool's own files that change with the new migrations of its fixes: Drizzle's journal, Sqitch's plan.
 * Where such a file cannot be read, as its own problem says, the fix is not there.
 */
export async function sealFixes(linted: LintedFile, id: LayoutId, files: Files): Promise<LintedFile> {
  if (!linted.findings.some(({ fix }) => fix?.creates.some(({ composed }) => composed))) return linted;
  const layout = layoutById(id);
  const findings: Finding[] = [];
  for (const finding of linted.findings) {
    const fix = finding.fix && (await sealed(finding.fix, layout, files));
    findings.push({ ...finding, fix });
  }
  return { ...linted, findings };
}

async function sealed(fix: Fix, layout: Layout, files: Files): Promise<Fix | null> {
  const composed = fix.creates.flatMap((created) => created.composed ?? []);
  if (composed.length === 0) return fix;
  try {
    const { files: written, beside } = await sealComposed(layout, composed, files);
    const creates = written.map(({ path, text }): Fix['creates'][number] => ({ path, text }));
    const edits = [...fix.edits];
    for (const { path, text } of beside) {
      const before = await files.readIfExists(path);
      if (before === null) creates.push({ path, text });
      else edits.push(changed(path, before, text));
    }
    return { ...fix, edits, creates };
  } catch (error) {
    if (isSwitchbackError(error)) return null;
    throw error;
  }
}

/** What is not the same at the start and at the end of two texts of a file. */
function changed(path: string, before: string, after: string): Fix['edits'][number] {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start += 1;
  let same = 0;
  while (same < most - start && before.at(-1 - same) === after.at(-1 - same)) same += 1;
  const positions = new TextPositions(before);
  return {
    path,
    start: positions.at(start),
    end: positions.at(before.length - same),
    newText: after.slice(start, after.length - same),
  };
}
