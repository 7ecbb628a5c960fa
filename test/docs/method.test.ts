import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { checklistSections } from '../../src/documents/checklist-sections';
import { defaultThresholds } from '../../src/documents/thresholds';
import { prerequisiteIds } from '../../src/assess/prerequisites';
import { gateKinds } from '../../src/plan/plan';
import { entriesOf, methodIsPresent, plainWords, readMethod, type MethodEntry } from './read-method';

const root = path.resolve(__dirname, '../..');
const page = readFileSync(path.join(root, 'docs/method.md'), 'utf8').replaceAll('\r\n', '\n');

interface Line {
  kind: string;
  words: string;
  place: string;
}

/** The lines of the page, by document. */
function linesOfPage(): Map<string, Line[]> {
  const documents = new Map<string, Line[]>();
  let current: Line[] | null = null;
  for (const line of page.split('\n')) {
    const number = /^## Document (\d{3}):/.exec(line)?.[1];
    if (number !== undefined) documents.set(number, (current = []));
    const [kind, words, place] = line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim());
    if (current && place !== undefined && kind !== 'Kind' && !/^-+$/.test(kind!)) {
      current.push({ kind: kind!, words: plainWords(unescaped(words!)), place });
    }
  }
  return documents;
}

function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replace(/\\(.)/g, '$1');
}

/** Says what is not mapped, entry by entry, in the documents' order. */
function gaps(entries: readonly MethodEntry[], lines: readonly Line[]): string[] {
  const missing: string[] = [];
  let next = 0;
  for (const entry of entries) {
    const found = lines.findIndex(
      (line, index) =>
        index >= next && line.kind === entry.kind && line.words !== '' && entry.text.startsWith(line.words),
    );
    // The next line is this entry's, or nobody's: lines stand in the documents' order.
    if (found === next) next += 1;
    else missing.push(`line ${entry.line}: the ${entry.kind} "${entry.text}" has no line`);
  }
  for (const line of lines.slice(next)) missing.push(`the ${line.kind} "${line.words}" is in no document`);
  return missing;
}

describe('docs/method.md', () => {
  if (methodIsPresent()) {
    const pages = linesOfPage();
    const documents = readMethod();

    it('is about all five documents', () => {
      assert.deepEqual(
        [...pages.keys()],
        documents.map(({ number }) => number),
      );
      assert.equal(documents.length, 5);
    });

    for (const { number, entries } of documents) {
      it(`maps every heading, row, item and command of document ${number}`, () => {
        assert.ok(entries.length > 20, `only ${entries.length} entries were read`);
        assert.deepEqual(gaps(entries, pages.get(number) ?? []), []);
      });
    }

    it('copies none of their sentences', () => {
      for (const [number, lines] of pages) {
        for (const { words } of lines) assert.ok(words.split(' ').length <= 6, `${number}: ${words}`);
      }
    });
  } else {
    it('not run: ../shared/method is absent, so the map was not compared with it', () => undefined);
  }

  it('would notice each kind of gap', () => {
    const entries = entriesOf(
      '# One\n\n| a | b |\n|---|---|\n| c | d |\n\n- [ ] Tick it\n\n```bash\n# say\n./scripts/x.sh --now\nnpm test\n```\n',
    );
    assert.deepEqual(
      entries.map(({ kind, text }) => [kind, text]),
      [
        ['heading', 'one'],
        ['row', 'a b'],
        ['row', 'c d'],
        ['item', 'tick it'],
        ['command', './scripts/x.sh --now'],
        ['command', 'npm test'],
      ],
    );
    const lines = entries.map(({ kind, text }) => ({ kind, words: text, place: '*planned*' }));
    assert.deepEqual(gaps(entries, lines), []);
    for (let index = 0; index < lines.length; index += 1) {
      const left = lines.filter((_, other) => other !== index);
      assert.ok(gaps(entries, left).length > 0, lines[index]!.words);
    }
    assert.ok(gaps(entries, [...lines, lines[0]!]).length > 0);
  });

  it('says of each entry where it is, or that it is planned', () => {
    for (const [number, lines] of linesOfPage()) {
      for (const { words, place } of lines) {
        assert.ok(place.includes('*planned*') || /`[^`]+`/.test(place), `${number}: ${words}`);
      }
    }
  });

  it('names nothing that does not exist', () => {
    const unknown = references().filter((reference) => !exists(reference));
    assert.deepEqual(unknown, []);
    assert.ok(references().length > 80);
  });

  it('would notice a name that does not exist', () => {
    for (const made of [
      'switchback.makeCoffee',
      'switchback brew',
      'tea.md.hbs',
      'plan.md.hbs#Tea',
      'make-tea.sh',
      'rule:tea',
      'recipe:tea',
      'gate:tea',
      'signal:tea',
      'prerequisite:tea',
      'checklist:tea',
      'checklist.md.hbs#Tea',
      'docs/tea.md',
    ]) {
      assert.equal(exists(made), false, made);
    }
  });
});

/** Everything that stands in code on the page, each once. */
function references(): string[] {
  return [...new Set([...page.matchAll(/`([^`]+)`/g)].map((match) => match[1]!))].filter(
    (reference) => !['#', 'thresholds', '.switchback/config.json'].includes(reference),
  );
}

function exists(reference: string): boolean {
  const [, kind, id] = /^(rule|recipe|gate|signal|prerequisite|checklist):(.+)$/.exec(reference) ?? [];
  switch (kind) {
    case 'rule':
      return idsIn('src/safety/rules', /\bid: '([\w-]+)'/g).has(id!);
    case 'recipe':
      return (
        idsIn('src/plan/recipes', /\bkind: '([\w-]+)'/g).has(id!) ||
        existsSync(inRoot(`src/plan/recipes/${id!}.ts`))
      );
    case 'gate':
      return gateKinds.some((gate) => gate === id);
    case 'signal':
      return id! in defaultThresholds;
    case 'prerequisite':
      return prerequisiteIds.some((prerequisite) => prerequisite === id);
    case 'checklist':
      return checklistIds().has(id!);
    default:
      return existsByForm(reference);
  }
}

function existsByForm(reference: string): boolean {
  if (/^switchback\.\w/.test(reference)) return contributed().has(reference);
  if (reference.startsWith('switchback '))
    return existsSync(inRoot(`src/cli/verbs/${reference.slice(11)}.ts`));
  const [name, heading] = reference.split('#');
  if (name!.endsWith('.hbs'))
    return heading === undefined ? isTemplate(name!) : headingsOf(name!).has(heading);
  if (name!.endsWith('.sh')) return isTemplate(`${name!}.hbs`);
  return existsSync(inRoot(reference));
}

function inRoot(file: string): string {
  return path.join(root, file);
}

function idsIn(folder: string, pattern: RegExp): Set<string> {
  const texts = readdirSync(inRoot(folder)).map((name) => readFileSync(inRoot(`${folder}/${name}`), 'utf8'));
  return new Set(texts.flatMap((text) => [...text.matchAll(pattern)].map((match) => match[1]!)));
}

/** Every line that any checklist has. */
function checklistIds(): Set<string> {
  const features = {
    withPlan: true,
    withScripts: true,
    interface: true,
    removesOld: true,
    backfill: true,
    flag: true,
    deprecationDays: 30,
    roles: [],
    thresholds: defaultThresholds,
  };
  const sections = checklistSections(features, { before: [], during: [] }, new Set());
  return new Set(sections.flatMap(({ items }) => items.map((item) => item.id)));
}

function contributed(): Set<string> {
  const { contributes } = JSON.parse(readFileSync(inRoot('package.json'), 'utf8')) as {
    contributes: { commands: { command: string }[]; configuration: { properties: Record<string, unknown> } };
  };
  return new Set([
    ...contributes.commands.map(({ command }) => command),
    ...Object.keys(contributes.configuration.properties),
  ]);
}

function templateNames(): string[] {
  return readdirSync(inRoot('templates'), { recursive: true, encoding: 'utf8' }).map((name) =>
    name.split(path.sep).join('/'),
  );
}

function isTemplate(name: string): boolean {
  return templateNames().some((template) => template === name || template.endsWith(`/${name}`));
}

const goldenFolder = 'test/implement/scaffold/golden';

/** Headings of what a template makes: its own, and those of its golden output. */
function headingsOf(name: string): Set<string> {
  if (!isTemplate(name)) return new Set();
  const golden = inRoot(`${goldenFolder}/small.${name.replace(/\.hbs$/, '')}.golden`);
  const texts = [inRoot(`templates/${name}`), golden]
    .filter(existsSync)
    .map((file) => readFileSync(file, 'utf8'));
  const headings = texts.flatMap((text) => [...text.matchAll(/^#{1,6} (.+)$/gm)].map((match) => match[1]!));
  return new Set(headings.map((heading) => heading.replace(/:.*$/, '').trim()));
}
