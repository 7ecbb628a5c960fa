import type { Assessment } from '../../../assess/assessment';
import { presentColumn, type Change, type SingleChange } from '../../../assess/change';
import { partsOf } from '../../../assess/several-changes';
import { concernedReferences } from '../../../assess/code-references';
import { nearest, type Dependencies } from '../../../assess/dependencies/dependencies';
import { kindWord } from '../../../assess/dependencies/kind-word';
import type { ScopeSection } from '../../../documents/plan-document';
import { t } from '../../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../../sql/identifier';
import { countText } from '../../../templates/rows-text';

type Graph = NonNullable<ScopeSection['graph']>;

/** More than these are one node: a picture with hundreds shows nothing. */
const objectLimit = 40;
const fileLimit = 12;

/** What the thing that changes is called in the picture. */
const subject = 'it';

/** What is changed and what leads to it, as a picture; null where nothing does. */
export function dependencyGraph(assessment: Assessment): Graph | null {
  const parts = [databaseParts(assessment.dependencies), codeParts(assessment)];
  const nodes = parts.flatMap((part) => part.nodes);
  if (nodes.length === 0) return null;
  return { subject: titleOf(assessment.change), nodes, arrows: parts.flatMap((part) => part.arrows) };
}

function titleOf(change: Change): string {
  const [first, ...others] = partsOf(change);
  return others.length === 0 ? subjectOf(first!) : t('this plan');
}

function subjectOf(change: SingleChange): string {
  const column = presentColumn(change);
  const table = formatQualifiedName(change.table);
  return column === null ? table : `${table}.${formatIdentifier(column)}`;
}

type Part = Pick<Graph, 'nodes' | 'arrows'>;

/** The nearest objects, each with an arrow to all that it uses. */
function databaseParts(dependencies: Dependencies | null): Part {
  if (dependencies === null) return { nodes: [], arrows: [] };
  const { objects, uses, left } = nearest(dependencies, objectLimit);
  const { subjects } = dependencies;
  const ids = new Map([
    ...subjects.map((id, index): [string, string] => [
      id,
      subjects.length === 1 ? subject : `subject${index + 1}`,
    ]),
    ...objects.map(({ id }, index): [string, string] => [id, `object${index + 1}`]),
  ]);
  const several = subjects.length === 1 ? [] : subjects;
  const nodes = [
    ...several.map((id) => ({ id: ids.get(id)!, label: id })),
    ...objects.map(({ id, kind, name }) => ({ id: ids.get(id)!, label: `${kindWord(kind)}: ${name}` })),
  ];
  const arrows = [
    ...several.map((id) => ({ from: ids.get(id)!, to: subject, certain: true })),
    ...uses.map(({ by, of, certain }) => ({ from: ids.get(by)!, to: ids.get(of)!, certain })),
  ];
  if (left === 0 && !dependencies.truncated) return { nodes, arrows };
  const label = objectsLeft(left, dependencies.truncated);
  return {
    nodes: [...nodes, { id: 'objects', label }],
    arrows: [...arrows, { from: 'objects', to: subject, certain: false }],
  };
}

function objectsLeft(count: number, truncated: boolean): string {
  if (count === 1) return truncated ? t('more than 1 object more') : t('1 object more');
  return truncated
    ? t('more than {0} objects more', countText(count))
    : t('{0} objects more', countText(count));
}

function filesLeft(count: number): string {
  return count === 1 ? t('1 file more') : t('{0} files more', countText(count));
}

function codeParts({ codeReferences, change }: Assessment): Part {
  const files = new Map<string, number>();
  for (const { path } of concernedReferences(codeReferences, change))
    files.set(path, (files.get(path) ?? 0) + 1);
  const shown = [...files].slice(0, fileLimit).map(([path, places], index) => ({
    id: `file${index + 1}`,
    label: places === 1 ? t('{0}: 1 place', path) : t('{0}: {1} places', path, countText(places)),
  }));
  const left = files.size - fileLimit;
  const nodes = left <= 0 ? shown : [...shown, { id: 'files', label: filesLeft(left) }];
  return { nodes, arrows: nodes.map(({ id }) => ({ from: id, to: subject, certain: false })) };
}
