import path from 'node:path';
import { knownRuleIds, nearestRuleId } from '../safety/rule-ids';
import { t } from '../messages/translate';
import { configurationFile, type Configuration, type RuleLevels } from './configuration';

/** Severity per rule for a file: the deepest directory that says something of a rule wins, then the workspace's. */
export function levelsOf(
  { rules, directories }: Pick<Configuration, 'rules' | 'directories'>,
  root: string,
  file: string,
): RuleLevels {
  const names = Object.keys(directories);
  if (names.length === 0) return rules;
  const place = path.relative(root, file).split(path.sep).join('/');
  const around = names
    .map((name) => ({ name, folder: plainFolder(name) }))
    .filter(({ folder }) => folder === '' || place.startsWith(`${folder}/`))
    .sort((a, b) => a.folder.length - b.folder.length);
  return Object.assign({}, rules, ...around.map(({ name }) => directories[name]!.rules)) as RuleLevels;
}

/** `./db/legacy/` and `db\\legacy` are `db/legacy`; the workspace itself is an empty text. */
function plainFolder(name: string): string {
  const folder = path.posix.normalize(name.replaceAll('\\', '/')).replace(/\/+$/, '');
  return folder === '.' ? '' : folder;
}

/** A sentence for each rule that the configuration gives a level and that does not exist. */
export function unknownRules({ rules, directories }: Pick<Configuration, 'rules' | 'directories'>): string[] {
  const known = new Set(knownRuleIds());
  const named = [rules, ...Object.values(directories).map((each) => each.rules)].flatMap(Object.keys);
  return [...new Set(named)]
    .filter((id) => !known.has(id))
    .map((id) => {
      const nearest = nearestRuleId(id);
      return nearest === null
        ? t(
            'The configuration names a rule {0}, which does not exist. Correct it in {1} or the settings.',
            id,
            configurationFile,
          )
        : t(
            'The configuration names a rule {0}, which does not exist. Did you mean {1}? Correct it in {2} or the settings.',
            id,
            nearest,
            configurationFile,
          );
    });
}
