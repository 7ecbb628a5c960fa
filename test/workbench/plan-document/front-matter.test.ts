import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { JsonSchema } from '../../../src/documents/json-schema';
import { explanationAt, proposalsAt } from '../../../src/workbench/plan-document/front-matter-help';
import { frontMatterMistakes } from '../../../src/workbench/plan-document/front-matter-mistakes';
import { shippedTemplates } from '../../implement/scaffold/shipped-templates';
import { hostileNames, plainNames } from '../../implement/scaffold/sample-plan';
import { memoryFiles } from '../../support/memory-files';
import { scaffoldedPlan } from '../../support/scaffolded-plan';

const schema = JSON.parse(
  readFileSync(path.resolve(__dirname, '../../../schemas/plan.schema.json'), 'utf8'),
) as JsonSchema;

async function planText(names = plainNames): Promise<string> {
  const files = memoryFiles(shippedTemplates());
  const folder = await scaffoldedPlan('/w', files, '/templates', names);
  return files.read(path.join(folder, 'plan.md'));
}

/** Offset of `|`, and the text without it. */
function pointed(text: string): { text: string; offset: number } {
  const offset = text.indexOf('|');
  return { text: text.slice(0, offset) + text.slice(offset + 1), offset };
}

async function proposed(marked: string): Promise<{ labels: string[]; replaced: string } | null> {
  const { text, offset } = pointed(`---\n${marked}\n---\n# A plan\n`);
  const found = await proposalsAt(schema, text, offset);
  return (
    found && {
      labels: found.proposals.map(({ label }) => label),
      replaced: text.slice(found.place.start, found.place.end),
    }
  );
}

describe('what may be written in the front matter of a plan', () => {
  it('keys that are not there yet, also on an empty line in the middle', async () => {
    const found = await proposed('switchback: 1\n|\ntitle: A\nstate: ready');
    assert.ok(found!.labels.includes('approvals'));
    assert.ok(!found!.labels.includes('title') && !found!.labels.includes('switchback'));
  });

  it('the key that is begun is replaced', async () => {
    const found = await proposed('switchback: 1\nopti|');
    assert.equal(found!.replaced, 'opti');
    assert.ok(found!.labels.includes('options'));
  });

  it('a key that has its value already can be another', async () => {
    const found = await proposed('switchback: 1\nlayout:\n  fo|o: plain\n  id: plain');
    assert.deepEqual(found, { labels: ['folder'], replaced: 'foo' });
  });

  it('states', async () => {
    const found = await proposed('switchback: 1\nstate: re|');
    assert.deepEqual(found!.labels.slice(0, 3), ['draft', 'ready', 'expanding']);
    assert.equal(found!.replaced, 're');
  });

  it('true and false, null where nothing is a value', async () => {
    const change = 'switchback: 1\nchange:\n  kind: add-required-column\n  keepDefault: |';
    assert.deepEqual((await proposed(change))!.labels, ['true', 'false']);
    assert.deepEqual((await proposed('switchback: 1\npointOfNoReturn: |'))!.labels, ['null']);
  });

  it('keys of the kind of change that is written', async () => {
    const found = await proposed(
      'switchback: 1\nchange:\n  kind: set-default\n  table: { schema: a, name: b }\n  |',
    );
    assert.deepEqual(found!.labels, ['column', 'expression']);
  });

  it('words in a list on one line and in one of several', async () => {
    for (const gates of ['gates: [backup, re|]', 'gates:\n            - backup\n            - re|']) {
      const step = `switchback: 1\nphases:\n  - name: expand\n    steps:\n        - kind: wait\n          ${gates}`;
      const found = await proposed(step);
      assert.ok(found!.labels.includes('rehearsal'), gates);
      assert.equal(found!.replaced, 're');
    }
  });

  it('the first key of an item, and the others', async () => {
    assert.deepEqual((await proposed('switchback: 1\napprovals:\n  - |'))!.labels, [
      'role',
      'by',
      'at',
      'hash',
    ]);
    assert.deepEqual((await proposed('switchback: 1\napprovals:\n  - role: Tech lead\n    |'))!.labels, [
      'by',
      'at',
      'hash',
    ]);
    assert.deepEqual((await proposed('switchback: 1\napprovals:\n  - |\n    by: Ann'))!.labels, [
      'role',
      'at',
      'hash',
    ]);
    assert.deepEqual((await proposed('switchback: 1\napprovals:\n  - { role: Tech lead, | }'))!.labels, [
      'by',
      'at',
      'hash',
    ]);
  });

  it('the same with the line ends of Windows', async () => {
    const found = await proposed('switchback: 1\r\nlayout:\r\n  fo|\r\n  id: plain\r');
    assert.deepEqual(found, { labels: ['folder'], replaced: 'fo' });
  });

  it('nothing in the document below, and in one without front matter', async () => {
    const below = pointed('---\nswitchback: 1\n---\n# A|\n');
    assert.equal(await proposalsAt(schema, below.text, below.offset), null);
    assert.equal(await proposalsAt(schema, '# A\nstate: ', 10), null);
  });
});

describe('what a key of the front matter means', () => {
  const explained = async (marked: string) => {
    const { text, offset } = pointed(`---\n${marked}\n---\n`);
    const found = await explanationAt(schema, text, offset);
    return found && [found.key, text.slice(found.start, found.end), found.meaning];
  };

  it('at the key and at its value', async () => {
    const meaning = 'Where the plan stands. Switchback keeps it up to date as steps are run.';
    assert.deepEqual(await explained('switchback: 1\nst|ate: ready'), ['state', 'state', meaning]);
    assert.deepEqual(await explained('switchback: 1\nstate: rea|dy'), ['state', 'ready', meaning]);
  });

  it('at an item of a list, and below any name', async () => {
    const [key, , meaning] = (await explained(
      'environments:\n  my production:\n    evidence:\n      - ver|dict: held',
    ))!;
    assert.deepEqual([key, meaning], ['environments.my production.evidence.verdict', 'What it says.']);
    const gate = await explained('phases:\n  - steps:\n      - kind: wait\n        gates: [soa|k]');
    assert.equal(gate![2], 'What must hold before the step may run.');
  });

  it('of a change what its form asks', async () => {
    const [, , meaning] = (await explained('change:\n  kind: rename-column\n  fr|om: a'))!;
    assert.equal(meaning, 'Old name');
  });

  it('nothing of a key nobody knows', async () => {
    assert.equal(await explained('mine: 1\nown|er: me'), null);
  });
});

describe('mistakes in the front matter of a plan', () => {
  const mistakes = async (text: string) =>
    (await frontMatterMistakes(schema, text)).map(({ start, end, severity, message }) => [
      text.slice(0, start).split('\n').length,
      text.slice(start, end),
      severity,
      message,
    ]);

  for (const [label, names] of [
    ['plain', plainNames],
    ['hostile', hostileNames],
  ] as const) {
    it(`a plan as it was written has none, ${label} names`, async () => {
      assert.deepEqual(await mistakes(await planText(names)), []);
      assert.deepEqual(await mistakes((await planText(names)).replaceAll('\n', '\r\n')), []);
    });
  }

  it('an unknown state is marked where it stands', async () => {
    const text = (await planText()).replace('state: ready', 'state: finished');
    const [found, ...others] = await mistakes(text);
    assert.deepEqual(others, []);
    assert.deepEqual(found!.slice(0, 3), [5, 'finished', 'error']);
    assert.match(String(found![3]), /^state is "finished", which is not known\. Write one of draft, ready, /);
  });

  it('a wrong type, a missing key, a time that is none', async () => {
    const text = (await planText())
      .replace('serverMajor: 18', 'serverMajor: eighteen')
      .replace(/^ {2}folder: .*\n/m, '')
      .replace(/^createdAt: .*$/m, 'createdAt: yesterday');
    assert.deepEqual(
      (await mistakes(text)).map(([, where, , message]) => [where, message]).sort(),
      [
        ['eighteen', 'serverMajor is "eighteen". Write whole number.'],
        ['layout', 'layout.folder is missing. Write it: text.'],
        ['yesterday', 'createdAt is wrong: it must be a time as 2026-03-04T05:06:07Z.'],
      ].sort(),
    );
  });

  it('a value deep in a step, below its kind', async () => {
    const text = (await planText()).replace(/gates:\n( +)- \S+/, 'gates:\n$1- coffee');
    const [found] = await mistakes(text);
    assert.equal(found![1], 'coffee');
    assert.match(String(found![3]), /^phases\.\d\.steps\.\d\.gates\.\d is "coffee"/);
  });

  it('a key nobody knows is kept; one that is nearly known is asked about', async () => {
    const text = (await planText()).replace(
      'switchback: 1\n',
      'switchback: 1\nowner: the data team\naprovals: []\n',
    );
    // The plan has its approvals, too.
    assert.deepEqual(await mistakes(text), []);
    const without = text.replace(/^approvals: .*\n/m, '');
    assert.deepEqual(await mistakes(without), [
      [4, 'aprovals', 'hint', '"aprovals" is not known here, and nothing reads it. Is "approvals" meant?'],
    ]);
  });

  it('YAML that cannot be read is marked at its place', async () => {
    const [found] = await mistakes('---\nswitchback: 1\ntitle: "open\nstate: ready\n---\n');
    assert.equal(found![2], 'error');
    assert.match(String(found![3]), /^The front matter is not YAML here: /);
    const [twice] = await mistakes('---\nswitchback: 1\nid: a\nid: b\n---\n');
    assert.deepEqual(twice!.slice(0, 1), [4]);
  });

  it('a document that is no plan of Switchback has none', async () => {
    assert.deepEqual(await mistakes('---\ntitle: 1\n---\n'), []);
    assert.deepEqual(await mistakes('# A plan\n'), []);
  });
});
