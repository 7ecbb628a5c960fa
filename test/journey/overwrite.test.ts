import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { askBeforeOverwriting } from '../../src/journey/overwrite';
import type { ConfirmQuestion } from '../../src/ports/prompt';
import { testContext } from '../support/journey-context';

describe('files that are there already', () => {
  const words = { title: 'They are there.', kept: 'They were left as they are. Choose another folder.' };
  let folder: string;
  let asked: ConfirmQuestion[];

  const ask = (answer: boolean, ...files: [name: string, text: string][]): Promise<void> => {
    const context = testContext(folder);
    context.prompt.confirm = async (question) => {
      asked.push(question);
      return answer;
    };
    const generated = files.map(([name, text]) => ({ path: path.join(folder, name), text }));
    return askBeforeOverwriting(context, generated, words);
  };

  beforeEach(async () => {
    asked = [];
    folder = await mkdtemp(path.join(os.tmpdir(), 'switchback-overwrite-'));
    await writeFile(path.join(folder, 'same'), 'same\n');
    await writeFile(path.join(folder, 'first'), 'mine\n');
    await writeFile(path.join(folder, 'second'), 'mine too\n');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('are not asked about where nothing would be lost', async () => {
    await ask(false, ['new', 'new\n'], ['same', 'same\n']);
    assert.equal(asked.length, 0);
  });

  it('are asked about once, with the first that differs', async () => {
    await ask(true, ['same', 'same\n'], ['first', 'made\n'], ['second', 'made\n']);
    assert.deepEqual(
      asked.map(({ id, title }) => [id, title]),
      [['overwrite', words.title]],
    );
    assert.match(asked[0]!.detail, /-mine\n\+made/);
  });

  it('stay on a no, which says what to do instead', async () => {
    await assert.rejects(ask(false, ['first', 'made\n'], ['second', 'made\n']), {
      code: 'cancelled',
      sentence: words.kept,
    });
    assert.equal(asked.length, 1);
  });
});
