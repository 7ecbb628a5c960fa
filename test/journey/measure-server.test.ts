import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { loadRates } from '../../src/database/evidence-store';
import { installSchema } from '../../src/database/switchback-schema';
import { applyMigration } from '../../src/journey/apply-file';
import { lintFiles } from '../../src/journey/lint';
import { measureServer } from '../../src/journey/measure-server';
import { readWorkRates } from '../../src/journey/work-rates';
import type { JourneyContext } from '../../src/journey/workspace';
import { testMajors } from '../support/servers';
import { assertSays, openJourney, type Journey } from './journey';

const files = {
  'migrations/000001_start.up.sql': 'create table big (id int primary key, note text);\n',
  'migrations/000001_start.down.sql': 'drop table big;\n',
  'migrations/000002_wide.up.sql': 'alter table big alter column id type bigint;\n',
  'migrations/000002_wide.down.sql': 'alter table big alter column id type int;\n',
};

const start = `
  create table big (id int primary key, note text);
  insert into big select g, repeat('x', 100) from generate_series(1, 300000) g; analyze big;
  create table schema_migrations (version bigint not null primary key, dirty boolean not null);
  insert into schema_migrations values (1, false);`;

for (const major of testMajors) {
  describe(`measured rates on PostgreSQL ${major}`, function () {
    this.timeout(120_000);
    let journey: Journey;
    let context: JourneyContext;

    before(async () => {
      journey = await openJourney(major, start, files);
      const { workspace } = journey.context;
      const cache = path.join(journey.root, 'cache');
      context = {
        ...journey.context,
        workspace: { ...workspace, assets: { ...workspace.assets, cache } },
      };
    });
    after(() => journey?.close());

    const notesOfRewrite = async (): Promise<string> => {
      const file = path.join(journey.root, 'migrations/000002_wide.up.sql');
      const { database } = journey;
      const [linted] = (await lintFiles(context, [file], { database })).files;
      assert.equal(linted!.statements[0]!.depth, 'catalog');
      return linted!.statements[0]!.notes.join(' ');
    };

    it('are assumed until the server was measured, and said to be', async () => {
      assert.equal(await readWorkRates(context, journey.database), null);
      assert.match(await notesOfRewrite(), /rewrite at an assumed 60 MB\/s/);
    });

    it('are measured only after a yes, and on production after its name', async () => {
      const no = { ...context, prompt: { confirm: async () => false, typeToConfirm: async () => false } };
      await assertSays(measureServer(no, journey.database), 'cancelled', 'Nothing was measured');
      const production = await journey.connect({ environment: 'production' });
      const yesOnly = { ...context, prompt: { confirm: async () => true, typeToConfirm: async () => false } };
      await assertSays(measureServer(yesOnly, production), 'confirmation-needed', 'Nothing was measured');
      assert.equal(await readWorkRates(context, journey.database), null);
    });

    it('are kept in the cache where the schema is not there, and forecasts say so', async () => {
      const rates = await measureServer(context, journey.database);
      for (const rate of [rates.scanBytesPerSecond, rates.rewriteBytesPerSecond, rates.indexRowsPerSecond])
        assert.ok(rate > 0 && Number.isFinite(rate));
      assert.deepEqual(await readWorkRates(context, journey.database), {
        ...rates,
        measuredAt: (await readWorkRates(context, journey.database))!.measuredAt,
      });
      assert.match(
        await notesOfRewrite(),
        /rewrite at [\d,.]+ MB\/s, measured on this server on \d{4}-\d\d-\d\d/,
      );
      const { rows } = await journey.look.query("select from pg_class where relname = 'switchback_rates'");
      assert.equal(rows.length, 0);
    });

    it('are kept in the schema where it is there, also those of a migration that Switchback ran', async () => {
      await installSchema(journey.look);
      await rm(path.join(journey.root, 'cache'), { recursive: true, force: true });
      await measureServer(context, journey.database);
      assert.deepEqual(
        (await loadRates(journey.look)).map((rate) => [rate.kind, rate.relation]),
        [
          ['index-build', ''],
          ['rewrite', ''],
          ['scan', ''],
        ],
      );
      await applyMigration(
        context,
        journey.database,
        path.join(journey.root, 'migrations/000002_wide.up.sql'),
      );
      const ran = (await loadRates(journey.look)).find((rate) => rate.relation === 'public.big');
      assert.equal(ran?.kind, 'rewrite');
      assert.ok(ran.bytesPerSecond! > 1_000_000 && ran.rowsPerSecond! > 1000);
      const rates = await readWorkRates(context, journey.database);
      assert.equal(rates!.rewriteBytesPerSecond, ran.bytesPerSecond);
    });
  });
}
