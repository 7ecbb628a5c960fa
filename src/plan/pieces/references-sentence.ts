import type { Assessment } from '../../assess/assessment';
import { countCodeReferences } from '../../assess/code-references';
import { t } from '../../messages/translate';

/** How many places of the workspace a release concerns, to follow its instructions; empty where none was found. */
export function referencesSentence({ codeReferences, change }: Assessment): string {
  const { places } = countCodeReferences(codeReferences, change);
  if (places === 0) return '';
  return places === 1
    ? ' ' + t('1 place in this workspace may have to change.')
    : ' ' + t('{0} places in this workspace may have to change.', places);
}
