import assert from 'node:assert/strict';
import { parseRegions } from '../../src/documents/regions';
import { stepsOf, type Step } from '../../src/plan/plan';
import { hostileNames, plainNames, samplePlan } from '../implement/scaffold/sample-plan';
import { isGoldenOf, partialsOf, readGoldens, readTemplates, type Golden } from './golden-registry';
import { readMarkdown, type MarkdownToken } from './read-markdown';

const goldens = readGoldens();
const markdown = goldens.filter(({ key }) => key.endsWith('.md'));
const contexts = ['small', 'hostile'] as const;

/** Inline tokens and those inside them. */
function flat(tokens: readonly MarkdownToken[]): MarkdownToken[] {
  return tokens.flatMap((token) => [token, ...flat(token.children ?? [])]);
}

/** The cells of a line of a table; a pipe behind a backslash belongs to its cell. */
function cellsOf(line: string): string[] {
  return line
    .trim()
    .replace(/^\|/, '')
    .replace(/(?<!\\)\|$/, '')
    .split(/(?<!\\)\|/);
}

/** Lines of a document that are in no block of code. */
function proseOf(text: string, tokens: readonly MarkdownToken[]): string[] {
  const lines = text.split('\n');
  for (const { type, map } of tokens) {
    if (type === 'fence' || type === 'code_block') lines.fill('', map![0], map![1]);
  }
  return lines;
}

/** A line without code in it and without the comments that mark regions and lines. */
function withoutCode(line: string): string {
  return line.replace(/(?<!\\)(`+)(?!`).*?(?<!`)\1(?!`)/g, '').replace(/<!-- switchback:.*?-->/g, '');
}

describe('goldens', () => {
  const templates = readTemplates();
  const documents = [...templates.keys()].filter((name) => !name.startsWith('partials/'));

  for (const context of contexts) {
    it(`there is a ${context} one of each template and partial`, () => {
      const ofContext = goldens.filter((golden) => golden.context === context);
      const covered = documents.filter((name) => ofContext.some((golden) => isGoldenOf(golden, name)));
      for (const name of [...covered]) covered.push(...partialsOf(name, templates));
      const missing = [...templates.keys()].filter((name) => !covered.includes(name));
      assert.deepEqual(missing, []);
    });
  }

  it('would notice a template without one', () => {
    const golden = (key: string): Golden => ({ context: 'small', key, file: '', text: '' });
    assert.equal(isGoldenOf(golden('implement/scaffold/golden/01-x.up.sql'), 'migration-up.sql.hbs'), true);
    assert.equal(isGoldenOf(golden('implement/scaffold/golden/01-x.up.sql'), 'new-up.sql.hbs'), false);
    assert.equal(isGoldenOf(golden('x/golden/plan.md'), 'plan.md.hbs'), true);
    assert.equal(isGoldenOf(golden('x/golden/other-plan.md'), 'plan.md.hbs'), false);
  });

  it('are small and hostile in pairs', () => {
    const keys = (context: Golden['context']): string[] =>
      markdown.filter((golden) => golden.context === context).map(({ key }) => key);
    assert.deepEqual(keys('hostile').sort(), keys('small').sort());
    assert.ok(markdown.length >= 6);
  });

  it('hold nothing that was not filled in', () => {
    for (const { file, text, key, context } of goldens) {
      const code = /\.(?:ts|js|sh)$/.test(key);
      assert.doesNotMatch(
        text,
        code ? /\[object \w+\]/ : /\[object \w+\]|\bNaN\b|\bundefined\b|\bTODO\b|\bTBD\b/,
        file,
      );
      // Hostile data has braces of its own.
      if (context === 'small') assert.doesNotMatch(text, /\{\{[#/>\w]/, file);
    }
  });

  for (const { file, text, context, key } of markdown) {
    const tokens = readMarkdown(text);

    it(`${file}: every table has its cells in each row`, () => {
      const lines = text.split('\n');
      const inTables = new Set<number>();
      for (const { type, map } of tokens) {
        if (type !== 'table_open') continue;
        const [from, to] = map!;
        for (let line = from; line < to; line += 1) inTables.add(line);
        const rows = lines.slice(from, to).map(cellsOf);
        assert.ok(rows.length > 2, `an empty table: ${lines[from]!}`);
        for (const row of rows) assert.equal(row.length, rows[0]!.length, row.join('|'));
        for (const row of rows)
          assert.ok(
            row.every((cell) => cell.trim() !== ''),
            `an empty cell: ${row.join('|')}`,
          );
      }
      const outside = proseOf(text, tokens).filter(
        (line, index) => /^\s*\|/.test(line) && !inTables.has(index),
      );
      assert.deepEqual(outside, []);
    });

    it(`${file}: every block of code is closed and not empty`, () => {
      const lines = text.split('\n');
      for (const { type, map, content } of flat(tokens)) {
        if (type !== 'fence') continue;
        const opening = /^\s*(`{3,}|~{3,})/.exec(lines[map![0]]!)![1]!;
        assert.equal(lines[map![1] - 1]!.trim(), opening, `not closed: ${lines[map![0]]!}`);
        assert.notEqual(content.trim(), '', `empty at line ${map![0] + 1}`);
      }
      const indented = tokens.filter(({ type }) => type === 'code_block');
      assert.deepEqual(
        indented.map(({ content }) => content),
        [],
      );
    });

    it(`${file}: data becomes no HTML`, () => {
      const html = flat(tokens)
        .filter(({ type }) => type === 'html_inline' || type === 'html_block')
        .flatMap(({ content }) => content.trim().split('\n'))
        .filter((line) => line !== '<br>' && !/^(?:<!-- switchback:[^<>]* -->)+$/.test(line));
      assert.deepEqual(html, []);
    });

    it(`${file}: data becomes no link, picture or rule`, () => {
      const made = flat(tokens).filter(({ type }) => /^(?:image|hr|s_open)$/.test(type));
      assert.deepEqual(
        made.map(({ type, content }) => [type, content]),
        [],
      );
      const targets = [
        ...proseOf(text, tokens)
          .map(withoutCode)
          .join('\n')
          .matchAll(/(?<!\\)\]\(([^)]*)\)/g),
      ].map((match) => match[1]!);
      for (const target of targets)
        assert.match(target, /^(?:[\w./-]+\.(?:md|sql|sh|svg|env)|https:\/\/[\w./?#=&%-]+|#[\w-]+)$/);
      assert.equal(flat(tokens).filter(({ type }) => type === 'link_open').length, targets.length);
    });

    it(`${file}: nothing is left in brackets, nothing is empty or undefined`, () => {
      for (const line of proseOf(text, tokens).map(withoutCode)) {
        assert.doesNotMatch(line, /(?<!\\)\[(?![ x]\])[^\]]*\](?!\()/, line);
        assert.doesNotMatch(line, /\b(?:undefined|null|NaN)\b|\[object/, line);
      }
    });

    if (context === 'small') continue;
    it(`${file}: has the structure of the small one`, () => {
      const small = markdown.find((golden) => golden.context === 'small' && golden.key === key);
      assert.deepEqual(structureOf(tokens), structureOf(readMarkdown(small!.text)));
    });
  }

  for (const [context, names] of [
    ['small', plainNames],
    ['hostile', hostileNames],
  ] as const) {
    it(`every region of the plan and the runbook, ${context}, holds exactly the SQL of its step`, () => {
      const steps = new Map(stepsOf(samplePlan(names)).map((step) => [step.id, step]));
      const found = markdown
        .filter(
          (golden) =>
            golden.context === context && /scaffold\/golden\/(?:plan|rollback)\.md$/.test(golden.key),
        )
        .flatMap(({ text }) => parseRegions(text))
        .filter(({ id }) => /\.(?:forward|rollback|verify)$/.test(id));
      assert.ok(found.length >= 10, `${found.length} regions`);
      for (const { id, content, edited } of found) {
        assert.equal(edited, false, id);
        const fences = readMarkdown(content).filter(({ type }) => type === 'fence');
        assert.equal(fences.length, 1, id);
        const [stepId, kind] = [id.slice(0, id.lastIndexOf('.')), id.slice(id.lastIndexOf('.') + 1)];
        const sql = sqlOf(steps.get(stepId)!, kind);
        assert.ok(sql !== null, `${id}: the step has no such SQL`);
        assert.equal(fences[0]!.content.trim(), sql.trim(), id);
      }
    });
  }
});

/** Headings with their levels' tags, and the number of tables, lists and blocks of code below each. */
function structureOf(tokens: readonly MarkdownToken[]): string[] {
  return tokens
    .filter(({ type }) => /^(?:heading|table|fence|bullet_list|ordered_list)(?:_open)?$/.test(type))
    .map(({ type, tag }) => `${type} ${tag}`);
}

function sqlOf(step: Step, kind: string): string | null {
  if (kind === 'verify') return step.verification?.sql ?? null;
  if (kind === 'rollback')
    return 'rollback' in step && step.rollback.kind === 'sql' ? step.rollback.sql : null;
  return 'forward' in step ? step.forward : null;
}
