import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseRegions } from '../../../src/documents/regions';
import { hostileNames, plainNames } from '../../implement/scaffold/sample-plan';
import { readMarkdown, shownText } from '../../templates/read-markdown';
import { sampleCalendar, sampleDocuments } from './sample-documents';

const golden = path.join(__dirname, 'golden');

/** The shipped text, compared with the file; UPDATE_GOLDEN=1 writes it, to be read in the diff. */
async function assertGolden(name: string, text: string): Promise<void> {
  const target = path.join(golden, `${name}.golden`);
  if (process.env.UPDATE_GOLDEN === '1') {
    await mkdir(golden, { recursive: true });
    await writeFile(target, text);
  }
  assert.equal(text.replaceAll('\r\n', '\n'), (await readFile(target, 'utf8')).replaceAll('\r\n', '\n'));
}

/** Every text a reader sees, one after the other. */
function seen(markdown: string): string {
  return readMarkdown(markdown)
    .filter(({ type }) => type === 'inline')
    .map(shownText)
    .join('\n');
}

describe('the documents around a plan', () => {
  for (const [label, names] of [
    ['small', plainNames],
    ['hostile', hostileNames],
  ] as const) {
    it(`are as the goldens have them, ${label}`, async () => {
      for (const [name, text] of await sampleDocuments(names)) await assertGolden(`${label}.${name}`, text);
      await assertGolden(`${label}.calendar.ics`, sampleCalendar(names));
    });

    it(`have every generated part in a region that counts as not edited, ${label}`, async () => {
      for (const [name, text] of await sampleDocuments(names)) {
        const regions = parseRegions(text);
        assert.ok(regions.length > 0 && regions.every(({ edited }) => !edited), name);
        const outside = [...regions]
          .reverse()
          .reduce((rest, { start, end }) => rest.slice(0, start) + rest.slice(end), text);
        assert.match(outside.trim(), name === 'pull-request.md' ? /^## Evidence$/ : /^$/, name);
        assert.doesNotMatch(text, /\n{4}|\bundefined\b|\[object/, name);
      }
    });
  }

  it('show hostile names exactly as they are', async () => {
    const documents = await sampleDocuments(hostileNames);
    const oneLine = (text: string): string => text.replace(/\s*\n\s*/g, ' ');
    const { from, to, view } = hostileNames;
    const expand = seen(documents.get('expand.ticket.md')!);
    assert.ok(expand.includes(`Systems: ${oneLine(view)}`), expand);
    assert.ok(expand.includes(`Users: ${from}`), expand);
    assert.ok(expand.split('\n').includes(to), `the environment is named: ${expand}`);
    const request = seen(documents.get('pull-request.md')!);
    assert.ok(request.includes(`It drops ${to}.`), request);
    assert.ok(request.includes(`db/${from}`), request);
    assert.ok(request.includes(`8 steps, for ${to}`), request);
  });

  it('say where each phase stands', async () => {
    const documents = await sampleDocuments(plainNames);
    const status = (phase: string): string =>
      parseRegions(documents.get(`${phase}.ticket.md`)!).find(({ id }) => id === 'live.status')!.content;
    assert.match(status('expand'), /\| full_name \| done on 2026-03-08 \|/);
    assert.match(
      status('migrate'),
      /\| full_name \| under way since 2026-03-09, "Fill full_name from name" failed \|/,
    );
    assert.match(status('contract'), /\| full_name \| waiting \|\n\| staging \| waiting \|/);
  });

  it('have four sections in each announcement, and the point of no return where it is', async () => {
    const documents = await sampleDocuments(plainNames);
    for (const phase of ['expand', 'migrate', 'contract']) {
      const text = documents.get(`${phase}.announcement.md`)!;
      assert.deepEqual(
        [...text.matchAll(/^## (.+)$/gm)].map((match) => match[1]),
        ['Before the window', 'At its start', 'When it is done', 'If it was rolled back'],
      );
      assert.equal(/there is no way back/.test(text), phase === 'contract');
    }
  });
});
