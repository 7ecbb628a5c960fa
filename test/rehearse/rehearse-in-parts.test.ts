import assert from 'node:assert/strict';
import path from 'node:path';
import { golangMigrate } from '../../src/layouts/golang-migrate';
import { isSwitchbackError } from '../../src/messages/error';
import type { Files } from '../../src/ports/files';
import { silentProgress } from '../../src/ports/progress';
import { rehearse, type RehearseRequest } from '../../src/rehearse/rehearse';
import { rehearseInParts, worthParts } from '../../src/rehearse/rehearse-in-parts';
import type { Rehearsal } from '../../src/rehearse/rehearsal';
import { openShadow } from '../../src/shadow/open-shadow';
import type { Shadow } from '../../src/shadow/shadow';
import { memoryFiles } from '../support/memory-files';

const root = path.resolve(__dirname, '../..');
const folder = '/m';

describe('rehearsing in two shadow databases at once', function () {
  this.timeout(300_000);
  let shadow: Shadow;
  const open = (): Promise<Shadow> =>
    openShadow('local', {
      assets: { distFolder: path.join(root, 'dist') },
      binaries: { packageFolders: [root], searchPath: '' },
      major: 18,
    });

  before(async () => {
    shadow = await open();
  });
  after(() => shadow?.dispose());

  /** A table each, a column of the one before, and the same role: what is shared by a server must not collide. */
  function history(change: Record<number, [up: string, down: string]> = {}): Files {
    const entries = Array.from({ length: worthParts + 6 }, (_, index) => {
      const number = index + 1;
      const more =
        number > 1 ? `alter table t${index} add extra int default ${number};` : 'create role reader;';
      const less = number > 1 ? `alter table t${index} drop extra;` : 'drop role reader;';
      const [up, down] = change[number] ?? [
        `${more} create table t${number} (id int primary key, name text not null);`,
        `drop table t${number}; ${less}`,
      ];
      const stem = `${folder}/${String(number).padStart(3, '0')}_m`;
      return [
        [`${stem}.up.sql`, up],
        [`${stem}.down.sql`, down],
      ] as const;
    });
    return memoryFiles(Object.fromEntries(entries.flat()));
  }

  async function request(files: Files): Promise<RehearseRequest> {
    return {
      shadow,
      layout: golangMigrate,
      migrations: await golangMigrate.list(folder, files),
      from: null,
      to: null,
      files,
      progress: silentProgress(),
      signal: new AbortController().signal,
    };
  }

  const untimed = ({ migrations, ...rest }: Rehearsal): unknown => ({
    ...rest,
    migrations: migrations.map((migration) => ({ ...migration, milliseconds: 0 })),
  });

  async function bothWays(files: Files): Promise<{ opened: number; told: string[]; rehearsal: Rehearsal }> {
    const asked = await request(files);
    const alone = await rehearse(asked);
    let opened = 0;
    const told: string[] = [];
    const rehearsal = await rehearseInParts({
      ...asked,
      onRehearsed: ({ version }) => told.push(version),
      another: () => {
        opened += 1;
        return open();
      },
    });
    assert.deepEqual(untimed(rehearsal), untimed(alone));
    return { opened, told, rehearsal };
  }

  it('finds what one finds, also of a bad rollback where the parts meet', async () => {
    // The second part begins with the 18th of 30: what the 17th leaves behind makes its up fail.
    const { opened, told, rehearsal } = await bothWays(
      history({
        17: ['alter table t16 add extra int; create table t17 (id int, extra2 int);', 'drop table t17;'],
        18: [
          'create table t18 (id int); alter table t17 drop extra2',
          'alter table t17 add extra2 int; drop table t18',
        ],
        25: ['alter table t24 add extra int; create table t25 (id int)', 'alter table t24 drop extra'],
      }),
    );
    assert.equal(opened, 1);
    assert.deepEqual(
      [...told].sort((one, other) => Number(one) - Number(other)),
      rehearsal.migrations.map(({ version }) => version),
    );
    const bad = rehearsal.migrations.filter(({ verdict }) => verdict !== 'exact');
    assert.deepEqual(
      bad.map(({ version, verdict }) => [version, verdict]),
      [
        ['17', 'differs'],
        ['25', 'differs'],
      ],
    );
  });

  it('goes on alone where a migration of the first part fails', async () => {
    const { told, rehearsal } = await bothWays(history({ 5: ['select 1/0', 'select 1'] }));
    assert.equal(rehearsal.migrations[4]!.verdict, 'up-fails');
    assert.equal(new Set(told).size, told.length, 'each is told of once');
  });

  it('is left to one where there are few, and ends when it is cancelled', async () => {
    const files = history();
    const asked = await request(files);
    const none = (): Promise<Shadow> => Promise.reject(new Error('not to be opened'));
    const few = await rehearseInParts({ ...asked, from: '1', to: '3', another: none });
    assert.equal(few.migrations.length, 3);
    const cancelling = new AbortController();
    let second: Shadow | null = null;
    const running = rehearseInParts({
      ...asked,
      signal: cancelling.signal,
      onRehearsed: ({ version }) => {
        if (version === '2') cancelling.abort(new Error('enough'));
      },
      another: async () => (second = await open()),
    });
    await assert.rejects(running, (error: unknown) => (error as Error).message === 'enough');
    if (second !== null)
      await assert.rejects((second as Shadow).open(), (error: unknown) => isSwitchbackError(error));
  });
});
