import { distances, type Dependencies } from '../../assess/dependencies/dependencies';
import { kindWord } from '../../assess/dependencies/kind-word';
import { t } from '../../messages/translate';

/** What depends on the thing that changes, nearest first, each with what it uses. */
export function dependencyLines(dependencies: Dependencies): string[] {
  const far = distances(dependencies);
  const names = new Map(dependencies.objects.map(({ id, name }) => [id, name]));
  const lines = [...far].map(([id, distance]) => {
    const object = dependencies.objects.find((each) => each.id === id)!;
    const uses = dependencies.uses.filter(({ by }) => by === id);
    const verb = uses.some(({ writes }) => writes) ? t('writes') : t('reads');
    const doubt = uses.every(({ certain }) => !certain) ? t(', by its text') : '';
    const through = uses.map(({ of }) => names.get(of)).filter((name) => name !== undefined);
    const by = distance === 1 ? '' : t(', through {0}', through.join(', '));
    return `${kindWord(object.kind)} ${object.name}: ${verb}${by}${doubt}`;
  });
  return dependencies.truncated ? [...lines, t('and more than can be followed')] : lines;
}
