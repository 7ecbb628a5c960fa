import { t } from '../../messages/translate';
import type { ChangelogDocument } from './rollout-document';

/**
 * A change under the headings of https://keepachangelog.com/en/1.1.0/, in their order. `kind` is the kind of change;
 * `endOfOld` the ISO day on which an old shape is switched off, null where none goes.
 */
export function changelogHeadings(
  kind: string,
  title: string,
  endOfOld: string | null,
): ChangelogDocument['headings'] {
  const headings = [{ heading: headingOf(kind), entries: [title] }];
  if (endOfOld === null) return headings;
  const deprecated = t('What it replaces or removes is deprecated, and is switched off on {0}.', endOfOld);
  const at = headings[0]!.heading === removed() ? 0 : 1;
  headings.splice(at, 0, { heading: t('Deprecated'), entries: [deprecated] });
  return headings;
}

function headingOf(kind: string): string {
  if (/^(?:add|create|attach)-/.test(kind)) return t('Added');
  return /^(?:drop|detach|purge|remove)-/.test(kind) ? removed() : t('Changed');
}

function removed(): string {
  return t('Removed');
}
