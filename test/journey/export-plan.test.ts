import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { exportPlan, planPreview } from '../../src/journey/export-plan';
import { writePlanDocuments } from '../../src/journey/plan-documents';
import { isSwitchbackError } from '../../src/messages/error';
import { nodeFiles } from '../../src/ports/node-files';
import { hostileNames } from '../implement/scaffold/sample-plan';
import { testContext } from '../support/journey-context';
import { scaffoldedPlan } from '../support/scaffolded-plan';

const templates = path.resolve(__dirname, '../../templates');

/** What a browser would fetch or run without anybody asking. */
const loads =
  /\b(?:src|srcset|action|poster|background|data)=|<(?:script|link|iframe|object|embed|img|base|form)\b|@import|url\(|\son\w+=/i;

describe('a plan as HTML', () => {
  let root: string;
  let planFolder: string;
  const files = nodeFiles();

  beforeEach(async () => {
    root = await mkdtemp(path.join(os.tmpdir(), 'switchback-export-'));
    planFolder = await scaffoldedPlan(root, files, templates, hostileNames);
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const exported = async (more: Partial<Parameters<typeof exportPlan>[1]> = {}) => {
    const outcome = await exportPlan(testContext(root), {
      planFolder,
      file: null,
      all: false,
      language: 'en',
      ...more,
    });
    return { ...outcome, page: await readFile(outcome.file, 'utf8') };
  };

  it('is one file that loads nothing, with what people named as text', async () => {
    const { file, documents, page } = await exported();
    assert.equal(file, path.join(planFolder, 'plan.html'));
    assert.deepEqual(documents, ['plan.md']);
    assert.doesNotMatch(page.replace(/<code[^]*?<\/code>/g, ''), loads);
    assert.doesNotMatch(page, /<script|<b>/);
    assert.match(page, /&lt;script&gt;alert\(1\)&lt;\/script&gt;/);
    assert.match(page, /@media \(prefers-color-scheme: dark\)/);
    assert.match(page, /@media print/);
    assert.match(page, /<dt>State<\/dt><dd>Ready<\/dd>/);
    assert.doesNotMatch(page, /approvedHash/);
    assert.match(page, /<svg class="flowchart"/);
  });

  it('has every document of the folder, each linked with the others', async () => {
    await writePlanDocuments(testContext(root), planFolder);
    const { documents, page } = await exported({ all: true });
    assert.deepEqual(documents.slice(0, 3), ['plan.md', 'rollback.md', 'checklist.md']);
    assert.ok(documents.includes('scripts/README.md') && documents.includes('tickets/1-expand.md'));
    assert.equal(page.match(/<article /g)?.length, documents.length);
    assert.match(page, /<a href="#rollback-md">rollback\.md<\/a>/);
    const ids = new Set([...page.matchAll(/ id="([^"]*)"/g)].map((match) => match[1]));
    for (const [, target] of page.matchAll(/href="([^"]*)"/g))
      assert.ok(/^https:\/\//.test(target!) || ids.has(target!.slice(1)), target);
    assert.doesNotMatch(page.replace(/<code[^]*?<\/code>/g, ''), loads);
  });

  it('goes where it is told, and over an earlier export without a question', async () => {
    const file = path.join(root, 'out', 'a plan.html');
    await exported({ file });
    const context = testContext(root, { answer: false });
    await exportPlan(context, { planFolder, file, all: true, language: 'de' });
    assert.match(await readFile(file, 'utf8'), /<html lang="de">/);
  });

  it('asks before it replaces what is no export', async () => {
    const file = path.join(root, 'notes.html');
    await writeFile(file, 'mine');
    const context = testContext(root, { answer: false });
    await assert.rejects(exportPlan(context, { planFolder, file, all: false, language: 'en' }), (error) =>
      isSwitchbackError(error, 'cancelled'),
    );
    assert.equal(await readFile(file, 'utf8'), 'mine');
  });

  it('is shown as it stands in the editor, and with what is wrong while it cannot be read', async () => {
    const text = await readFile(path.join(planFolder, 'plan.md'), 'utf8');
    const context = testContext(root);
    const fine = await planPreview(context, planFolder, `${text}\n## Added <i>now</i>\n`, null);
    assert.match(fine.html, /<h2>Added &lt;i&gt;now&lt;\/i&gt;<\/h2>/);
    assert.match(fine.html, /<dd>Ready<\/dd>/);
    const broken = await planPreview(context, planFolder, text.replace('state: ready', 'state: rea'), null);
    assert.match(broken.html, /<p class="problem">[^<]*line \d+: state is wrong/);
    assert.match(broken.html, /<h2>Summary<\/h2>/);
    const own = await planPreview(context, planFolder, '# My own\n', null);
    assert.equal(own.html, '<h1>My own</h1>\n');
  });
});
