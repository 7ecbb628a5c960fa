import { unifiedDiff } from '../documents/write-generated';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { JourneyContext } from './workspace';

/** What is asked and, where the answer is no, said. */
export interface OverwriteWords {
  /** `plan.md is there already.` */
  title: string;
  /** What stays as it was, and what to do instead. */
  kept: string;
}

/**
 * Asks once before files that are there are replaced by another text; the first that differs shows how. Asks
 * nothing where none differs. Throws `cancelled` where they are to stay.
 */
export async function askBeforeOverwriting(
  context: JourneyContext,
  generated: readonly { path: string; text: string }[],
  words: OverwriteWords,
): Promise<void> {
  for (const { path: file, text } of generated) {
    const current = await context.files.readIfExists(file);
    if (current === null || current === text) continue;
    const agreed = await context.prompt.confirm({
      id: 'overwrite',
      title: words.title,
      detail: await unifiedDiff(file, current, text),
      accept: t('Overwrite'),
    });
    if (agreed) return;
    throw new SwitchbackError('cancelled', words.kept);
  }
}
