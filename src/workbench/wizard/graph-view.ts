import type { Assessment } from '../../assess/assessment';
import { concernedReferences } from '../../assess/code-references';
import { nearest, type Dependencies } from '../../assess/dependencies/dependencies';
import { kindWord } from '../../assess/dependencies/kind-word';
import { t } from '../../messages/translate';
import type { GraphView } from '../../protocol/assessment-state';
import { count } from '../format';

/** More of each are told and not drawn. */
const objectLimit = 80;
const fileLimit = 25;

type Part = Omit<GraphView, 'subjects' | 'note'> & { left: number };

/** The picture of what leads to the thing that changes; null where nothing does. */
export function graphView(assessment: Assessment): GraphView | null {
  const { dependencies } = assessment;
  if (dependencies === null) return null;
  const objects = objectParts(dependencies);
  const files = fileParts(assessment, dependencies.subjects);
  if (objects.nodes.length + files.nodes.length === 0) return null;
  return {
    subjects: dependencies.subjects,
    nodes: [...dependencies.subjects.map(subjectNode), ...objects.nodes, ...files.nodes],
    arrows: [...objects.arrows, ...files.arrows],
    note: noteOf(objects.left, files.left, dependencies.truncated),
  };
}

/** Ids begin with the kind. */
function subjectNode(id: string): GraphView['nodes'][number] {
  const kind = id.startsWith('table column ') ? 'table column' : 'table';
  return { id, kind: kindWord(kind), label: id.slice(kind.length + 1), opens: false };
}

function objectParts(dependencies: Dependencies): Part {
  const { objects, uses, left } = nearest(dependencies, objectLimit);
  return {
    nodes: objects.map(({ id, kind, name, definition }) => ({
      id,
      kind: kindWord(kind),
      label: name,
      opens: definition !== null,
    })),
    arrows: uses.map(({ by, of, writes, certain }) => ({ from: by, to: of, writes, certain })),
    left,
  };
}

function fileParts({ codeReferences, change }: Assessment, subjects: readonly string[]): Part {
  const places = concernedReferences(codeReferences, change);
  const files = [...new Set(places.map(({ path }) => path))];
  const shown = files.slice(0, fileLimit);
  const writes = new Set(places.filter(({ access }) => access === 'writes').map(({ path }) => path));
  return {
    nodes: shown.map((id) => ({ id, kind: t('file'), label: id, opens: true })),
    arrows: shown.flatMap((id) =>
      subjects.map((to) => ({ from: id, to, writes: writes.has(id), certain: false })),
    ),
    left: files.length - shown.length,
  };
}

function noteOf(objects: number, files: number, truncated: boolean): string | null {
  const sentences = [
    objects === 1 ? t('1 object further away is not drawn.') : '',
    objects > 1 ? t('{0} objects further away are not drawn.', count(objects)) : '',
    files === 1 ? t('1 file more is not drawn.') : '',
    files > 1 ? t('{0} files more are not drawn.', count(files)) : '',
    truncated ? t('There are more objects than can be followed.') : '',
  ].filter((sentence) => sentence !== '');
  return sentences.length === 0 ? null : sentences.join(' ');
}
