import type { Assessment, CodeReference } from '../../assess/assessment';
import { countCodeReferences, describeCount } from '../../assess/code-references';
import { t } from '../../messages/translate';
import type { AssessmentView } from '../../protocol/assessment-state';
import { count } from '../format';

/** Where the code mentions what changes, grouped by what it does there. Paths become relative to `root`. */
export function codePlacesView(
  assessment: Assessment,
  relative: (path: string) => string,
): AssessmentView['code'] {
  return {
    summary: codeSummary(assessment),
    references: byAccess(assessment.codeReferences.references).map((reference) => ({
      group: accessTitle(reference.access),
      path: reference.path,
      label: relative(reference.path),
      line: reference.line,
      text: reference.text,
      mentions: mentionWord(reference.mentions),
    })),
  };
}

/** The numbers are those of the risk; what only names the table of a rename is counted apart. */
function codeSummary({ codeReferences, change }: Assessment): string {
  const { references, filesSearched, truncated } = codeReferences;
  if (references.length === 0)
    return t('No file of {0} mentions the table or the column.', count(filesSearched));
  const counted = countCodeReferences(codeReferences, change);
  const sentences = [
    t('What goes along with the change: {0}.', describeCount(counted)),
    counted.tableOnly > 0 ? t('Places that name only the table: {0}.', count(counted.tableOnly)) : '',
    t('Files searched: {0}.', count(filesSearched)),
    truncated ? t('The search stopped at its limit.') : '',
  ];
  return sentences.filter((sentence) => sentence !== '').join(' ');
}

/** What writes it has to be released first, so it stands first. */
const accessOrder: readonly CodeReference['access'][] = ['writes', 'reads', 'shape', 'unknown'];

function byAccess(references: readonly CodeReference[]): CodeReference[] {
  return accessOrder.flatMap((access) => references.filter((each) => each.access === access));
}

function accessTitle(access: CodeReference['access']): string {
  switch (access) {
    case 'writes':
      return t('Writes');
    case 'reads':
      return t('Reads');
    case 'shape':
      return t('Describes its shape');
    case 'unknown':
      return t('Mentions it');
  }
}

function mentionWord(mentions: CodeReference['mentions']): string {
  switch (mentions) {
    case 'table':
      return t('table');
    case 'column':
      return t('column');
    case 'both':
      return t('table and column');
  }
}
