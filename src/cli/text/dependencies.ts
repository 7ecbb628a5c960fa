import type { Dependencies } from '../../assess/dependencies/dependencies';
import { dependentRows } from '../../assess/dependencies/dependent-rows';
import { t } from '../../messages/translate';

/** What depends on the thing that changes, a line each. */
export function dependencyLines(dependencies: Dependencies): string[] {
  const lines = dependentRows(dependencies).map(({ kind, name, how }) => `${kind} ${name}: ${how}`);
  return dependencies.truncated ? [...lines, t('and more than can be followed')] : lines;
}
