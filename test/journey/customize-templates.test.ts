import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {
  backToShipped,
  customizableTemplates,
  customizeTemplates,
  templateMistakes,
} from '../../src/journey/customize-templates';
import { templateFolders } from '../../src/journey/release';
import type { JourneyContext } from '../../src/journey/workspace';
import { renderTemplate } from '../../src/templates/engine';
import { testContext } from '../support/journey-context';

const shipped = path.resolve(__dirname, '../../templates');

describe('customize templates', () => {
  let root: string;
  let own: string;
  beforeEach(async () => {
    root = await mkdtemp(path.join(os.tmpdir(), 'switchback-templates-'));
    own = path.join(root, '.switchback', 'templates');
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const context = (choices: { answer?: boolean; trusted?: boolean } = {}): JourneyContext =>
    testContext(root, choices);
  const stateOf = async (name: string): Promise<string | undefined> =>
    (await customizableTemplates(context())).find((template) => template.name === name)?.state;

  it('offers every template and partial there is, each with what it makes', async () => {
    const listed = await customizableTemplates(context());
    const found = (await readdir(shipped, { recursive: true }))
      .filter((name) => name.endsWith('.hbs'))
      .map((name) => name.split(path.sep).join('/'));
    assert.deepEqual(listed.map(({ name }) => name).sort(), found.sort());
    for (const { name, makes, group } of listed) {
      assert.ok(makes.length > 10 && makes.length < 120 && !makes.includes('\n'), name);
      assert.equal(group === 'partials', name.startsWith('partials/'), name);
      if (name.startsWith('scripts/')) assert.equal(group, 'scripts', name);
      assert.doesNotMatch(makes, /\{\{|[.:]$/, name);
    }
  });

  it('copies what was chosen, byte for byte, and nothing else', async () => {
    const outcome = await customizeTemplates(context(), ['plan.md.hbs', 'verify.sql.hbs']);
    assert.deepEqual(outcome, {
      copied: [path.join(own, 'plan.md.hbs'), path.join(own, 'verify.sql.hbs')],
      kept: [],
    });
    assert.deepEqual((await readdir(own)).sort(), ['plan.md.hbs', 'verify.sql.hbs']);
    assert.equal(
      await readFile(path.join(own, 'plan.md.hbs'), 'utf8'),
      await readFile(path.join(shipped, 'plan.md.hbs'), 'utf8'),
    );
    assert.equal(await stateOf('plan.md.hbs'), 'same');
    assert.equal(await stateOf('rollback.md.hbs'), 'shipped');
  });

  it('overwrites an own text only after a yes', async () => {
    await customizeTemplates(context(), ['plan.md.hbs']);
    const file = path.join(own, 'plan.md.hbs');
    await writeFile(file, 'mine');
    assert.equal(await stateOf('plan.md.hbs'), 'own');
    assert.deepEqual(await customizeTemplates(context({ answer: false }), ['plan.md.hbs']), {
      copied: [],
      kept: [file],
    });
    assert.equal(await readFile(file, 'utf8'), 'mine');
    assert.deepEqual(await customizeTemplates(context({ answer: true }), ['plan.md.hbs']), {
      copied: [file],
      kept: [],
    });
    assert.equal(await stateOf('plan.md.hbs'), 'same');
  });

  it('asks nothing about a copy that is still the shipped text', async () => {
    await customizeTemplates(context(), ['plan.md.hbs']);
    const never = context();
    never.prompt.confirm = () => assert.fail('asked');
    const file = path.join(own, 'plan.md.hbs');
    assert.deepEqual(await customizeTemplates(never, ['plan.md.hbs']), { copied: [], kept: [file] });
    assert.equal(await backToShipped(never, 'plan.md.hbs'), true);
    assert.equal(await stateOf('plan.md.hbs'), 'shipped');
  });

  it('goes back to the shipped one after a yes', async () => {
    await customizeTemplates(context(), ['plan.md.hbs']);
    await writeFile(path.join(own, 'plan.md.hbs'), 'mine');
    assert.equal(await backToShipped(context({ answer: false }), 'plan.md.hbs'), false);
    assert.equal(await stateOf('plan.md.hbs'), 'own');
    assert.equal(await backToShipped(context({ answer: true }), 'plan.md.hbs'), true);
    assert.equal(await stateOf('plan.md.hbs'), 'shipped');
  });

  it('knows no other names', () =>
    assert.rejects(customizeTemplates(context(), ['../package.json']), {
      code: 'not-found',
      message: /There is no shipped template \.\.\/package\.json/,
    }));

  it('names the mistakes of own templates and partials', async () => {
    await customizeTemplates(context(), ['plan.md.hbs', 'verify.sql.hbs']);
    await writeFile(path.join(own, 'plan.md.hbs'), '# Plan\n\n{{shout title}}\n');
    const mistakes = await templateMistakes(context());
    assert.deepEqual(
      mistakes.map(({ file, mistake }) => [path.basename(file), mistake?.line, mistake?.column]),
      [
        ['plan.md.hbs', 3, 1],
        ['verify.sql.hbs', undefined, undefined],
      ],
    );
  });

  it('does nothing in a workspace that is not trusted', async () => {
    const untrusted = context({ trusted: false });
    for (const attempt of [
      () => customizableTemplates(untrusted),
      () => customizeTemplates(untrusted, ['plan.md.hbs']),
      () => backToShipped(untrusted, 'plan.md.hbs'),
      () => templateMistakes(untrusted),
    ]) {
      await assert.rejects(attempt(), { code: 'untrusted-workspace' });
    }
    assert.deepEqual(await readdir(root), []);
  });
});

describe('templates of a workspace that is not trusted', () => {
  let root: string;
  before(async () => {
    root = await mkdtemp(path.join(os.tmpdir(), 'switchback-trust-'));
    await customizeTemplates(testContext(root), ['verify.sql.hbs']);
    await writeFile(path.join(root, '.switchback/templates/verify.sql.hbs'), 'own');
  });
  after(() => rm(root, { recursive: true, force: true }));

  const rendered = (trusted: boolean): Promise<string> => {
    const context = testContext(root, { trusted });
    const { shipped: shippedFolder, override: overrideFolder } = templateFolders(context);
    const values = { plan: { title: 'x', id: 'y' }, queries: [] };
    return renderTemplate({
      name: 'verify.sql.hbs',
      context: values,
      shippedFolder,
      overrideFolder,
      files: context.files,
    });
  };

  it('are not used', async () => {
    assert.equal(await rendered(true), 'own');
    assert.doesNotMatch(await rendered(false).catch(String), /^own$/);
    assert.equal(templateFolders(testContext(root, { trusted: false })).override, null);
  });

  it('are not used by any caller: each asks templateFolders, which knows of trust', async () => {
    const source = path.resolve(__dirname, '../../src');
    const files = (await readdir(source, { recursive: true })).filter(
      (name) => name.endsWith('.ts') && !name.startsWith('templates'),
    );
    const texts = await Promise.all(
      files.map(async (name) => ({ name, text: await readFile(path.join(source, name), 'utf8') })),
    );
    const folderMakers = texts.filter(({ text }) => /['"`]templates['"`]/.test(text.replace(/\/\/.*/g, '')));
    assert.deepEqual(folderMakers.map(({ name }) => name.split(path.sep).join('/')).sort(), [
      // The shipped ones, beside the program.
      'cli/main.ts',
      'journey/release.ts',
      'workbench/journey-context.ts',
      'workbench/template-diagnostics.ts',
    ]);
    const overrides = texts.flatMap(({ name, text }) =>
      [...text.matchAll(/\boverrideFolder(?::\s*([\w.]+))?/g)].map((match) => `${name}: ${match[1] ?? ''}`),
    );
    assert.ok(overrides.length > 0);
    // `own` is what customize-templates has left once it has refused an untrusted workspace.
    assert.deepEqual(
      overrides.filter((use) => !/: (?:override|templates\.override|own)$/.test(use)),
      [],
    );
  });
});
