import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import Module from 'node:module';
import os from 'node:os';
import path from 'node:path';

const source = path.resolve(__dirname, '..', '..', 'src', 'cli', 'compiled-programs');
const byNode = 'enableCompileCache' in Module;

/** What the functions of `first.js` give with those of `second.js`, loaded by a process that keeps what is compiled. */
describe('programs that are compiled once', () => {
  let root: string;
  let dist: string;
  let folder: string;

  beforeEach(async () => {
    root = await mkdtemp(path.join(os.tmpdir(), 'switchback-test-'));
    dist = path.join(root, 'dist');
    folder = path.join(root, 'cache', 'programs');
    await mkdir(dist);
    await writeFile(
      path.join(dist, 'first.js'),
      `const path = require('node:path');\nexports.told = () => require('./second.js').word + ' of ' + path.basename(__filename);\n`,
    );
    await writeFile(path.join(dist, 'second.js'), `module.exports = { word: 'the word' };\n`);
  });

  afterEach(() => rm(root, { recursive: true, force: true }));

  function run(): string {
    const program = `
      require(${JSON.stringify(source)}).keepCompiledPrograms(${JSON.stringify(dist)}, ${JSON.stringify(folder)});
      process.stdout.write(require(${JSON.stringify(path.join(dist, 'first.js'))}).told());`;
    const result = spawnSync(process.execPath, ['--require', require.resolve('tsx/cjs'), '-e', program], {
      encoding: 'utf8',
    });
    assert.equal(result.stderr, '');
    return result.stdout;
  }

  async function kept(): Promise<string[]> {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  }

  it('give the same from their text, from what was kept, and from garbage in its place', async () => {
    assert.equal(run(), 'the word of first.js');
    const files = await kept();
    assert.ok(files.length >= 2, files.join(', '));
    assert.equal(run(), 'the word of first.js');
    for (const file of files) await writeFile(file, 'not what V8 wrote');
    assert.equal(run(), 'the word of first.js');
  });

  it('run where nothing can be kept', async () => {
    await writeFile(path.join(root, 'cache'), 'a file where the folder should be');
    assert.equal(run(), 'the word of first.js');
  });

  it('are compiled again when their text changed', async () => {
    run();
    await writeFile(path.join(dist, 'second.js'), `module.exports = { word: 'new words' };\n`);
    assert.equal(run(), 'new words of first.js');
  });

  if (byNode) return;

  it('are kept for this user alone, one of each, and replaced where V8 refuses them', async () => {
    run();
    const [first, second] = (await kept()).sort();
    assert.match(path.basename(first!), /^first\.js\.[0-9a-f]{32}$/);
    assert.equal((await stat(first!)).mode & 0o777, 0o600);
    assert.equal((await stat(folder)).mode & 0o777, 0o700);
    const before = await readFile(first!);
    run();
    assert.deepEqual(await readFile(first!), before);
    await writeFile(first!, 'not what V8 wrote');
    await writeFile(path.join(dist, 'second.js'), `module.exports = { word: 'new words' };\n`);
    run();
    assert.ok((await readFile(first!)).length > 100);
    const after = (await kept()).sort();
    assert.equal(after.length, 2);
    assert.notEqual(after[1], second);
  });
});
