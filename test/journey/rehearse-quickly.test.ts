import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Configuration } from '../../src/journey/configuration';
import { rehearseMigrations } from '../../src/journey/rehearse';
import { rehearseQuickly } from '../../src/journey/rehearse-quickly';
import { SwitchbackError } from '../../src/messages/error';
import type { MigrationRehearsal, Rehearsal, Verdict } from '../../src/rehearse/rehearsal';
import { testContext } from '../support/journey-context';

describe('a rehearsal where nobody chose the shadow database', function () {
  this.timeout(120_000);
  let folder: string;

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'switchback-test-'));
    await mkdir(path.join(folder, 'db'));
    for (const number of Array.from({ length: 26 }, (_, index) => index + 1)) {
      const stem = path.join(folder, 'db', `${String(number).padStart(6, '0')}_t`);
      await writeFile(`${stem}.up.sql`, `create table t${number} (id int primary key);\n`);
      const down = number === 2 ? 'drop table t2x;' : `drop table t${number};`;
      await writeFile(`${stem}.down.sql`, `${down}\n`);
    }
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const file = (number: number): string =>
    path.join(folder, 'db', `${String(number).padStart(6, '0')}_t.up.sql`);

  async function kindOf(
    files: string[],
    configuration: Partial<Configuration> = {},
  ): Promise<{ kind: string; version: string; verdicts: string[]; told: string[] }> {
    const told: string[] = [];
    const { shadow, migrations } = await rehearseMigrations(testContext(folder, { configuration }), {
      files,
      onRehearsed: ({ version, verdict }) => told.push(`${version} ${verdict}`),
    });
    return {
      kind: shadow.kind,
      version: shadow.version,
      verdicts: migrations.map(({ verdict }) => verdict),
      told,
    };
  }

  it('is in the embedded database for a few migrations', async () => {
    const { kind, verdicts, told } = await kindOf([file(3)]);
    assert.deepEqual([kind, verdicts], ['embedded', ['exact']]);
    assert.deepEqual(told, ['3 exact']);
  });

  it('is on a server for what fails in the embedded one, and is told of once', async () => {
    const { kind, verdicts, told } = await kindOf([file(1), file(2), file(3)]);
    assert.deepEqual([kind, verdicts], ['local', ['exact', 'down-fails', 'exact']]);
    assert.deepEqual(told, ['1 exact', '2 down-fails', '3 exact']);
  });

  it('is on a server for many, for another version, and where the configuration says so', async () => {
    const many = await kindOf([path.join(folder, 'db')]);
    assert.deepEqual([many.kind, many.verdicts.length], ['local', 26]);
    const older = await kindOf([file(1)], { serverMajor: 12 });
    assert.deepEqual([older.kind, older.version.split('.')[0]], ['local', '12']);
    assert.equal((await kindOf([file(1)], { shadow: 'local' })).kind, 'local');
  });

  describe('of a machine without server programs', () => {
    const one = (verdict: Verdict): MigrationRehearsal => ({ version: '1', verdict }) as MigrationRehearsal;
    const surroundings = { progress: { report: () => undefined }, signal: new AbortController().signal };
    const noServer = new SwitchbackError('no-shadow', 'There is no PostgreSQL.');

    it('keeps the verdict of the embedded one, told of once', async () => {
      const failed = { migrations: [one('up-fails')] } as Rehearsal;
      const told: string[] = [];
      const rehearsal = await rehearseQuickly(
        surroundings,
        { onRehearsed: ({ verdict }) => told.push(verdict) },
        async (shadow, { onRehearsed }) => {
          if (shadow === 'local') throw noServer;
          onRehearsed?.(failed.migrations[0]!);
          return failed;
        },
      );
      assert.equal(rehearsal, failed);
      assert.deepEqual(told, ['up-fails']);
    });

    it('throws what the embedded one threw', async () => {
      const broken = new SwitchbackError('verification-failed', 'It does not run.');
      await assert.rejects(
        rehearseQuickly(surroundings, {}, async (shadow) => {
          throw shadow === 'local' ? noServer : broken;
        }),
        broken,
      );
    });
  });
});
