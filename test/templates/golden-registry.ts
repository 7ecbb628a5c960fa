import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * The goldens, wherever they lie: files below a folder `golden` in test/, named `small.NAME` or `hostile.NAME`, or
 * `small/NAME` and `hostile/NAME`, with `.golden` at the end. NAME holds the name of what the template makes.
 */
export interface Golden {
  context: 'small' | 'hostile';
  /** After `small.` or `small/`, without `.golden`: `plan.md`, `01-add-column.up.sql`. */
  name: string;
  file: string;
  text: string;
}

const testFolder = path.resolve(__dirname, '..');
const templatesFolder = path.resolve(__dirname, '../../templates');

/** Templates whose output has another name than theirs: the last part of it. */
const otherNames: Record<string, string> = {
  // A migration is named after its step.
  'migration-up.sql.hbs': 'up.sql',
  'migration-down.sql.hbs': 'down.sql',
};

export function readGoldens(): Golden[] {
  const files = readdirSync(testFolder, { recursive: true, encoding: 'utf8' });
  return files.flatMap((file): Golden[] => {
    const relative = file.split(path.sep).join('/');
    const match = /(?:^|\/)golden\/(small|hostile)[./](.+)\.golden$/.exec(relative);
    if (!match) return [];
    const text = readFileSync(path.join(testFolder, file), 'utf8').replaceAll('\r\n', '\n');
    return [{ context: match[1] as Golden['context'], name: match[2]!, file: relative, text }];
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

/** True where a golden is the output of a template: its name is, or ends in, the output's. */
export function isGoldenOf(golden: Golden, template: string): boolean {
  const output = otherNames[template] ?? path.posix.basename(template).replace(/\.hbs$/, '');
  return new RegExp(`(?:^|[./])${escapePattern(output)}$`).test(golden.name);
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

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
