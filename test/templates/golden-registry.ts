import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * The goldens, wherever they lie: files below a folder `golden` in test/, named `small.NAME` or `hostile.NAME`, or
 * `small/NAME` and `hostile/NAME`, with `.golden` at the end. NAME ends in the name of what the template makes, after a
 * dot or a slash: `plan.md`, `column.new-up.sql`, `library/log.sh`.
 */
export interface Golden {
  context: 'small' | 'hostile';
  /** From test/ and without its context: `implement/scaffold/golden/plan.md`. The same for both contexts. */
  key: string;
  file: string;
  text: string;
}

const testFolder = path.resolve(__dirname, '..');
const templatesFolder = path.resolve(__dirname, '../../templates');

/** A plan's migrations are named after their step. */
const otherNames: Record<string, RegExp> = {
  'migration-up.sql.hbs': /^implement\/scaffold\/golden\/[\w-]+\.up\.sql$/,
  'migration-down.sql.hbs': /^implement\/scaffold\/golden\/[\w-]+\.down\.sql$/,
};

export function readGoldens(): Golden[] {
  const files = readdirSync(testFolder, { recursive: true, encoding: 'utf8' });
  return files.flatMap((name): Golden[] => {
    const file = name.split(path.sep).join('/');
    const match = /^(.*\/golden\/)(small|hostile)[./](.+)\.golden$/.exec(file);
    if (!match) return [];
    const text = readFileSync(path.join(testFolder, name), 'utf8').replaceAll('\r\n', '\n');
    return [{ context: match[2] as Golden['context'], key: match[1]! + match[3]!, file, text }];
  });
}

/** Templates and partials with their texts, by name (`scripts/sql/fence.sql.hbs`). */
export function readTemplates(): Map<string, string> {
  const names = readdirSync(templatesFolder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.hbs'),
  );
  return new Map(
    names.map((name) => [
      name.split(path.sep).join('/'),
      readFileSync(path.join(templatesFolder, name), 'utf8'),
    ]),
  );
}

/** True where a golden is the output of a template. */
export function isGoldenOf({ key }: Golden, template: string): boolean {
  const output = path.posix.basename(template).replace(/\.hbs$/, '');
  return otherNames[template]?.test(key) ?? (key.endsWith(`/${output}`) || key.endsWith(`.${output}`));
}

/** The partials a template includes, and those they include. */
export function partialsOf(template: string, templates: ReadonlyMap<string, string>): Set<string> {
  const found = new Set<string>();
  const look = (name: string): void => {
    for (const match of (templates.get(name) ?? '').matchAll(/\{\{~?#?>\s*([\w.-]+)/g)) {
      const partial = `partials/${match[1]!}.hbs`;
      if (found.has(partial)) continue;
      found.add(partial);
      look(partial);
    }
  };
  look(template);
  return found;
}
