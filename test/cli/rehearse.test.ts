import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import Ajv from 'ajv';
import fc from 'fast-check';
import { rehearsalJunit } from '../../src/cli/formats/rehearsal-junit';
import { rehearsalText } from '../../src/cli/text/rehearsal';
import type { Difference } from '../../src/catalog/compare';
import type { MigrationRehearsal, Rehearsal } from '../../src/rehearse/rehearsal';
import { switchback } from './support';

const schemaFile = path.resolve(__dirname, '../../schemas/rehearse.schema.json');

const files: Record<string, string> = {
  '1_users.up.sql': 'create table users (id bigint primary key, email text);\n',
  '1_users.down.sql': 'drop table users;\n',
  '2_typo.up.sql': 'create index users_email on users (email);\nalter table users add note text;\n',
  '2_typo.down.sql': 'alter table users drop note;\ndrop index if exists user_email;\n',
  '3_fails.up.sql': 'create table orders (id bigint);\n',
  '3_fails.down.sql': 'select 1;\ndrop table order_lines;\n',
  '4_final.up.sql': 'alter table orders drop column id;\n',
  '4_final.down.sql': '-- switchback:irreversible the numbers are gone\n',
  '5_none.up.sql': 'create table more (id int);\n',
};

describe('switchback rehearse', function () {
  this.timeout(120_000);
  let folder: string;

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'switchback-rehearse-'));
    await mkdir(path.join(folder, 'migrations'));
    for (const [name, text] of Object.entries(files))
      await writeFile(path.join(folder, 'migrations', name), text);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('answers with the JSON of its schema, and the schema wants all of it', async () => {
    const answer = await switchback(
      folder,
      {},
      'rehearse',
      'migrations',
      '--format',
      'json',
      '--shadow',
      'embedded',
    );
    assert.equal(answer.exitCode, 1);
    const rehearsal = answer.json<Rehearsal & { migrations: Record<string, unknown>[] }>();
    const validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(
      JSON.parse(await readFile(schemaFile, 'utf8')) as object,
    );
    assert.ok(validate(rehearsal), JSON.stringify(validate.errors));
    assert.deepEqual(
      rehearsal.migrations.map(({ path: file, verdict }) => `${file} ${verdict}`),
      [
        'migrations/1_users.up.sql exact',
        'migrations/2_typo.up.sql differs',
        'migrations/3_fails.up.sql down-fails',
        'migrations/4_final.up.sql irreversible',
        'migrations/5_none.up.sql no-down',
      ],
    );
    const migration: Record<string, unknown> = rehearsal.migrations[1]!;
    for (const name of Object.keys(migration)) {
      const kept = migration[name];
      delete migration[name];
      assert.ok(!validate(rehearsal), name);
      migration[name] = kept;
    }
    assert.ok(validate(rehearsal));
    migration.more = 1;
    assert.ok(!validate(rehearsal));
  });

  it('rehearses what is named and only runs the others before it', async () => {
    const named = ['migrations/1_users.down.sql', 'migrations/3_fails.up.sql'];
    const words = ['rehearse', ...named, '--format', 'junit', '--no-rows', '--shadow', 'embedded'];
    const { suite, cases } = await read((await switchback(folder, {}, ...words)).out);
    assert.deepEqual([suite.tests, suite.failures], ['2', '1']);
    assert.deepEqual(
      cases.map(({ $: { name }, failure }) => [name, failure?.[0]?.$.type]),
      [
        ['1 users', undefined],
        ['3 fails', 'down-fails'],
      ],
    );
  });
});

function rehearsed(changes: Partial<MigrationRehearsal> = {}): MigrationRehearsal {
  return {
    version: '2',
    name: 'users',
    path: '/shop/migrations/2_users.up.sql',
    up: 'ok',
    down: 'ok',
    reUp: 'ok',
    verdict: 'exact',
    differences: [],
    error: null,
    dataLost: [],
    notes: [],
    milliseconds: 1234,
    ...changes,
  };
}

const shadow: Rehearsal['shadow'] = { kind: 'embedded', engine: 'pglite', version: '17.5' };
const structure = (
  object: string,
  property: string,
  before: string | null,
  after: string | null,
): Difference => ({
  object,
  property,
  before,
  after,
  kind: 'structure',
});
const body = (word: string): string => ['begin', 'one := 1;', 'two := 2;', word, 'end'].join('\n');
const differences = [
  structure('function public.total(integer)', 'body', body('x'), body('y')),
  structure('index public.user_email', 'exists', null, 'yes'),
  structure('table public.users', 'column email default', "'a'::text", null),
  structure('table public.users', 'column email type', 'text', 'integer'),
];

interface Element {
  $: Record<string, string>;
  /** Its text. */
  _?: string;
}

interface TestCase {
  $: Record<string, string>;
  failure?: Element[];
  skipped?: Element[];
  'system-out'?: string[];
}

interface Report {
  testsuites: {
    $: Record<string, string>;
    testsuite: { $: Record<string, string>; testcase?: TestCase[] }[];
  };
}

/** As vsce reads XML: a strict parser, which refuses what is not well-formed. */
async function read(xml: string): Promise<{ suite: Record<string, string>; cases: TestCase[] }> {
  const required = createRequire(__filename);
  const parser = required('xml2js') as { parseStringPromise(text: string): Promise<Report> };
  const { testsuites } = await parser.parseStringPromise(xml);
  assert.equal(testsuites.testsuite.length, 1);
  const { $: suite, testcase } = testsuites.testsuite[0]!;
  assert.deepEqual({ ...testsuites.$ }, { ...suite });
  return { suite, cases: testcase ?? [] };
}

describe('a rehearsal for a terminal', () => {
  it('shows what was and what is, object by object, of long texts only what differs', async () => {
    const text = await rehearsalText({
      migrations: [rehearsed({ verdict: 'differs', differences })],
      shadow,
    });
    assert.equal(
      text,
      `Rehearsed in a shadow database (embedded, pglite 17.5)
  differs      2 users
    After the down, body of function public.total(integer) is not what it was before, and 3 more differ.
    function public.total(integer)
        …
          two := 2;
      -   x
      +   y
          end
    index public.user_email
      - is not there
      + is there
    table public.users
      - column email default: 'a'::text
      - column email type: text
      + column email type: integer
    Correct the down, and rehearse it again.

- as it was before the up, + as it is after the down
`,
    );
  });

  it('takes a screen at most for one migration, and says how much more there is', async () => {
    const many = Array.from({ length: 200 }, (_, index) =>
      structure(`table t${index}`, 'exists', 'yes', null),
    );
    const migrations = [rehearsed({ differences: many }), rehearsed({ verdict: 'no-down' })];
    const lines = (await rehearsalText({ migrations, shadow })).split('\n');
    const second = lines.findIndex((line) => line.startsWith('  no-down'));
    assert.equal(second, 2 + 24);
    assert.match(lines[second - 1]!, /^ {4}… and 577 more lines; --format json has all\.$/);
    assert.match(
      lines.slice(second).join('\n'),
      /There is no down script.*\n.*switchback generate-rollback FILE/,
    );
    assert.equal(lines.at(-2), '1 of 2 rollbacks leads back to the schema before.');
  });
});

describe('a rehearsal as a JUnit report', function () {
  this.timeout(30_000);

  it('has a failure with the differences, a skipped one for the irreversible, notices as output', async () => {
    const migrations = [
      rehearsed(),
      rehearsed({ verdict: 'differs', differences }),
      rehearsed({ verdict: 'down-fails', error: 'relation "a" does not exist (42P01)', down: 'error' }),
      rehearsed({ verdict: 'irreversible', notes: ['It says so.'] }),
      rehearsed({
        verdict: 'order-only',
        differences: [{ ...structure('table t', 'column order', 'a, b', 'b, a'), kind: 'order' }],
        notes: ['Another order.'],
      }),
    ];
    const { suite, cases } = await read(await rehearsalJunit({ migrations, shadow }, '/shop'));
    assert.deepEqual(
      ['tests', 'failures', 'errors', 'skipped', 'time'].map((name) => suite[name]),
      ['5', '2', '0', '1', '6.170'],
    );
    assert.deepEqual(
      cases.map(({ $: _, ...elements }) => Object.keys(elements).sort().join()),
      ['', 'failure', 'failure', 'skipped,system-out', 'system-out'],
    );
    assert.deepEqual(
      { ...cases[0]!.$ },
      { classname: 'migrations', name: '2 users', file: 'migrations/2_users.up.sql', time: '1.234' },
    );
    const [differs, fails] = cases.flatMap(({ failure }) => failure ?? []);
    assert.deepEqual(
      { ...differs!.$ },
      {
        type: 'differs',
        message:
          'differs: After the down, body of function public.total(integer) is not what it was before, and 3 more differ.',
      },
    );
    assert.match(differs!._!, /^table public\.users\n {2}- column email default: 'a'::text$/m);
    assert.equal(fails!._, 'relation "a" does not exist (42P01)');
    assert.equal(cases[3]!.skipped![0]!.$.message, 'It says so.');
    assert.deepEqual(cases[4]!['system-out'], ['order-only: table t, column order\nAnother order.']);
  });

  it('is well-formed whatever the texts are, and says them again but for what XML cannot hold', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
        const odd = `${text}<b a="1">&amp;]]>\u0000\u001b\ud800`;
        const migrations = [rehearsed({ verdict: 'up-fails', name: odd, error: odd, notes: [odd] })];
        const xml = await rehearsalJunit({ migrations, shadow }, '/shop');
        assert.doesNotMatch(xml, /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/);
        assert.doesNotMatch(xml, /\p{Surrogate}/u);
        const [failure] = (await read(xml)).cases[0]!.failure!;
        assert.ok(failure!._!.endsWith('<b a="1">&amp;]]>'));
        assert.ok(failure!.$.message!.endsWith('<b a="1">&amp;]]>'));
      }),
      { numRuns: 40 },
    );
  });
});
