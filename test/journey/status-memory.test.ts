import assert from 'node:assert/strict';
import path from 'node:path';
import { readStatus } from '../../src/journey/migrations';
import { forgetMigrationFolders, forgetScript, newStatusMemory } from '../../src/journey/status-memory';
import type { JourneyContext } from '../../src/journey/workspace';
import { testContext } from '../support/journey-context';
import { memoryFiles } from '../support/memory-files';

const root = path.resolve('/workspace');
const at = (name: string): string => path.join(root, 'db', name);

describe('what the status remembers', () => {
  let context: JourneyContext;
  let read: string[];

  beforeEach(() => {
    const files = memoryFiles({
      [at('000001_a.up.sql')]: 'create table a (id int);',
      [at('000001_a.down.sql')]: 'drop table a;',
      [at('000002_b.up.sql')]: '-- switchback:irreversible the rows are gone\ndelete from a;',
    });
    read = [];
    context = {
      ...testContext(root),
      files: {
        ...files,
        readIfExists: (file) => {
          read.push(path.basename(file));
          return files.readIfExists(file);
        },
      },
    };
  });

  const flags = async (options: Parameters<typeof readStatus>[2]): Promise<string[]> => {
    const folders = await readStatus(context, null, options);
    return folders.flatMap((folder) =>
      folder.statuses.map((status) => [status.version, ...status.flags].join(' ')),
    );
  };

  it('lists without a look at any text, then with each text read once', async () => {
    const memory = newStatusMemory();
    await flags({ memory, knownTextsOnly: true });
    read.length = 0;
    assert.deepEqual(await flags({ memory, knownTextsOnly: true }), ['1', '2 no-down']);
    assert.deepEqual(read, []);
    assert.deepEqual(await flags({ memory }), ['1', '2 no-down irreversible']);
    assert.deepEqual(read.sort(), ['000001_a.down.sql', '000001_a.up.sql', '000002_b.up.sql']);
    read.length = 0;
    const remembered = await flags({ memory });
    assert.deepEqual(read, []);
    assert.deepEqual(remembered, await flags({}));
  });

  it('sees what it is told about: another text, another file', async () => {
    const memory = newStatusMemory();
    await flags({ memory });
    await context.files.write(at('000002_b.up.sql'), 'delete from a;');
    await context.files.write(at('000002_b.down.sql'), '-- nothing to do');
    assert.deepEqual(await flags({ memory }), ['1', '2 no-down irreversible']);
    forgetScript(memory, at('000002_b.up.sql'));
    assert.deepEqual(await flags({ memory }), ['1', '2 no-down']);
    forgetMigrationFolders(memory);
    assert.deepEqual(await flags({ memory }), ['1', '2']);
  });

  it('keeps why a file could not be read, for as long as it is the same', async () => {
    const memory = newStatusMemory();
    const own = context.files;
    context.files = { ...own, readIfExists: () => Promise.reject(new Error('out of reach')) };
    const [folder] = await readStatus(context, null, { memory });
    assert.deepEqual(folder!.problems, Array(3).fill('out of reach'));
    context.files = own;
    for (const name of ['000001_a.up.sql', '000001_a.down.sql', '000002_b.up.sql'])
      forgetScript(memory, at(name));
    assert.deepEqual((await readStatus(context, null, { memory }))[0]!.problems, []);
  });
});
