import { t } from '../../messages/translate';
import { distances, type Dependencies } from './dependencies';
import { kindWord } from './kind-word';

export interface DependentRow {
  kind: string;
  name: string;
  /** `reads`, `writes, by its text`, `reads, through public.names`. */
  how: string;
}

/** What depends on the thing that changes, nearest first, each with what it does and through what. */
export function dependentRows(dependencies: Dependencies): DependentRow[] {
  const objects = new Map(dependencies.objects.map((object) => [object.id, object]));
  return [...distances(dependencies)].map(([id, distance]) => {
    const { kind, name } = objects.get(id)!;
    const uses = dependencies.uses.filter(({ by }) => by === id);
    const through = uses.flatMap(({ of }) => objects.get(of)?.name ?? []);
    return { kind: kindWord(kind), name, how: howText(uses, distance === 1 ? [] : through) };
  });
}

function howText(uses: Dependencies['uses'], through: readonly string[]): string {
  const verb = uses.some(({ writes }) => writes) ? t('writes') : t('reads');
  const led = through.length === 0 ? verb : t('{0}, through {1}', verb, through.join(', '));
  return uses.some(({ certain }) => certain) ? led : t('{0}, by its text', led);
}
