import assert from 'node:assert/strict';
import { rename } from 'node:fs/promises';
import path from 'node:path';
import { compareCatalogs } from '../../../src/catalog/compare';
import { readCatalog } from '../../../src/catalog/read-catalog';
import { quoteIdentifier } from '../../../src/sql/identifier';
import { hasProgram, scriptWorkspace, type ScriptWorkspace } from './script-workspace';

const schema = 'sch`e ma$';
const table = 'T"a\'b|le \u{1F600} \\ %s $HOME :plan';
const column = 'a "b" \'c\' `id` $1 \u{1F600}';
/** 63 bytes, the most a name can have. */
const longest = `n\u{1F600} ${'x'.repeat(57)}`;
const folder = "mig'ra tions $HOME";

for (const major of [12, 18] as const) {
  describe(`scripts for names that shells and SQL trip over, PostgreSQL ${major} [psql]`, function () {
    this.timeout(180_000);
    let workspace: ScriptWorkspace;
    const qualified = `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`;

    before(async function () {
      if (!(await hasProgram('psql'))) this.skip();
      assert.equal(Buffer.byteLength(longest), 63);
      workspace = await scriptWorkspace(major, 'golang-migrate', 10);
      await rename(path.join(workspace.folder, 'migrations'), path.join(workspace.folder, folder));
      await workspace.session.script(
        `create schema ${quoteIdentifier(schema)};
         create table ${qualified} ("i D" uuid primary key default md5(random()::text)::uuid, ${quoteIdentifier(column)} text not null);
         insert into ${qualified} (${quoteIdentifier(column)}) select 'v' || i from generate_series(1, 300) i;
         analyze ${qualified}`,
      );
    });
    after(() => workspace?.dispose());

    const changes: Record<string, string[]> = {
      'rename a column': [
        'rename-column',
        '--from',
        quoteIdentifier(column),
        '--to',
        quoteIdentifier(longest),
      ],
      'add a required column': [
        'add-required-column',
        ...[
          '--column',
          quoteIdentifier(longest),
          '--type',
          'text',
          '--expression',
          `${quoteIdentifier(column)} || '!'`,
        ],
      ],
    };
    for (const [title, [change, ...words]] of Object.entries(changes)) {
      it(`${title} forward, verify, and back`, async () => {
        const plan = await workspace.scaffold(change!, '--table', qualified, ...words);
        await workspace.writeEnvironment(plan);
        const original = await readCatalog(workspace.session);
        const dry = await workspace.run(plan, 'migrate-dry-run.sh');
        assert.equal(dry.exitCode, 0, dry.out);
        const deploys = (await workspace.steps(plan)).filter((step) => step.includes('release'));
        const forward = await workspace.run(
          plan,
          'migrate-forward.sh',
          '--install-schema',
          ...deploys.flatMap((step) => ['--confirm', step]),
        );
        // A wait may follow.
        assert.ok(forward.exitCode === 4 || forward.exitCode === 0, forward.out);
        assert.match(forward.out, /300 rows done/);
        const { rowCount } = await workspace.session.query(
          `select from ${qualified} where ${quoteIdentifier(longest)} like 'v%'`,
        );
        assert.equal(rowCount, 300);
        const verify = await workspace.run(plan, 'migrate-verify.sh');
        assert.equal(verify.exitCode, 0, verify.out);
        const back = await workspace.run(
          plan,
          'migrate-rollback.sh',
          ...deploys.flatMap((step) => ['--confirm', step]),
        );
        assert.equal(back.exitCode, 0, back.out);
        assert.deepEqual(compareCatalogs(original, await readCatalog(workspace.session)), []);
      });
    }
  });
}
