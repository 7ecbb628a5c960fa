import type { Assessment } from '../../assess/assessment';
import { countCodeReferences } from '../../assess/code-references';
import { t } from '../../messages/translate';

/** How many places of the workspace a release concerns, to follow its instructions; empty where none was found. */
export function referencesSentence({ codeReferences, change }: Assessment): string {
  const { places } = countCodeReferences(codeReferences, change);
  return places === 0 ? '' : ' ' + t('{0} places in this workspace may have to change.', places);
}
