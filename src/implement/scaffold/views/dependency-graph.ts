import type { Assessment } from '../../../assess/assessment';
import { presentColumn, type Change } from '../../../assess/change';
import { concernedReferences } from '../../../assess/code-references';
import { dependentsOfChange } from '../../../assess/dependents-of-change';
import type { TableFacts } from '../../../catalog/table-facts';
import type { ScopeSection } from '../../../documents/plan-document';
import { t } from '../../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../../sql/identifier';
import { countText } from '../../../templates/rows-text';
import { dependentLists } from './scope-numbers';

type Graph = NonNullable<ScopeSection['graph']>;

/** More files than these are one node: a picture with hundreds shows nothing. */
const fileLimit = 12;

/** What is changed and what leads to it, as a picture; null where nothing does. */
export function dependencyGraph(assessment: Assessment): Graph | null {
  const { change, table } = assessment;
  const uses = [...databaseUses(assessment), ...foreignKeyUses(change, table), ...codeUses(assessment)];
  return uses.length === 0 ? null : { subject: subjectOf(change), uses };
}

function subjectOf(change: Change): string {
  const column = presentColumn(change);
  const table = formatQualifiedName(change.table);
  return column === null ? table : `${table}.${formatIdentifier(column)}`;
}

/** Views of views and routines that only mention the name are not certain to be touched. */
function databaseUses(assessment: Assessment): Graph['uses'] {
  const dependents = dependentsOfChange(assessment);
  const doubtful = new Set([
    ...dependents.views.filter(({ depth }) => depth > 1).map(({ name }) => formatQualifiedName(name)),
    ...dependents.routines.filter(({ certain }) => !certain).map(({ signature }) => signature),
  ]);
  return dependentLists(dependents).flatMap(({ what, names }) =>
    names.map((name) => ({ label: `${what}: ${name}`, certain: !doubtful.has(name) })),
  );
}

function foreignKeyUses(change: Change, table: TableFacts): Graph['uses'] {
  const column = presentColumn(change);
  return table.foreignKeysIn
    .filter((key) => column !== null && key.toColumns.includes(column))
    .map((key) => ({
      label: t('Foreign key: {0} of {1}', formatIdentifier(key.name), formatQualifiedName(key.from)),
      certain: true,
    }));
}

function codeUses({ codeReferences, change }: Assessment): Graph['uses'] {
  const files = new Map<string, number>();
  for (const { path } of concernedReferences(codeReferences, change))
    files.set(path, (files.get(path) ?? 0) + 1);
  const shown = [...files].slice(0, fileLimit);
  const uses = shown.map(([path, places]) => ({
    label: places === 1 ? t('{0}: 1 place', path) : t('{0}: {1} places', path, countText(places)),
    certain: false,
  }));
  if (files.size <= fileLimit) return uses;
  return [...uses, { label: t('{0} files more', countText(files.size - fileLimit)), certain: false }];
}
