import assert from 'node:assert/strict';
import { compareCatalogs } from '../../../src/catalog/compare';
import { readCatalog } from '../../../src/catalog/read-catalog';
import { hasProgram, scriptWorkspace, type ScriptAnswer, type ScriptWorkspace } from './script-workspace';

const change = [
  ...['rename-column', '--table', 'customers', '--from', 'name', '--to', 'full_name'],
  ...['--dual-write', 'application'],
];

for (const [major, layout] of [
  [12, 'plain'],
  [18, 'golang-migrate'],
] as const) {
  describe(`scripts of a rename by the application, PostgreSQL ${major}, ${layout} [psql]`, function () {
    this.timeout(240_000);
    let workspace: ScriptWorkspace;
    let plan: string;
    let deploys: string[];

    before(async function () {
      if (!(await hasProgram('psql'))) this.skip();
      workspace = await scriptWorkspace(major, layout, 200);
      plan = await workspace.scaffold(...change);
      await workspace.writeEnvironment(plan);
      const text = await workspace.run(plan, 'migrate-dry-run.sh');
      deploys = [...text.out.matchAll(/Would do (\S+): .*\(deploy\)/g)].map((match) => match[1]!);
      assert.ok(deploys.length >= 3, text.out);
    });
    after(() => workspace?.dispose());

    /** What the application does from a release on, and to which step the scripts went. */
    const forwardTo = (number: number, ...words: string[]): Promise<ScriptAnswer> =>
      workspace.run(
        plan,
        'migrate-forward.sh',
        '--install-schema',
        ...words,
        ...deploys.slice(0, number).flatMap((step) => ['--confirm', step]),
      );

    it('stop before each release, and copy back what only the new name has', async () => {
      const original = await readCatalog(workspace.session);
      const stopped = await forwardTo(0);
      assert.equal(stopped.exitCode, 4, stopped.out);
      assert.ok(stopped.out.includes(`--confirm ${deploys[0]}`), stopped.out);
      for (let number = 1; number < deploys.length; number += 1) {
        // The application writes both names from the first release on.
        await workspace.session.query(
          `insert into customers (name, full_name) values ('both ${number}', 'both ${number}')`,
        );
        const next = await forwardTo(number);
        assert.equal(next.exitCode, 4, next.out);
        assert.ok(next.out.includes(`--confirm ${deploys[number]}`), next.out);
      }
      const all = await forwardTo(deploys.length);
      assert.ok(all.exitCode === 0 || all.exitCode === 4, all.out);
      // From now on only the new name is written.
      await workspace.session.query(`update customers set full_name = 'changed' where id = 1`);
      const verify = await workspace.run(plan, 'migrate-verify.sh');
      assert.equal(verify.exitCode, 0, verify.out);
      const unconfirmed = await workspace.run(plan, 'migrate-rollback.sh');
      assert.equal(unconfirmed.exitCode, 4, unconfirmed.out);
      let back = unconfirmed;
      for (const step of [...deploys].reverse()) {
        back = await workspace.run(plan, 'migrate-rollback.sh', '--confirm', step);
      }
      assert.equal(back.exitCode, 0, back.out);
      const { rows } = await workspace.session.query(
        `select name, (select count(*)::int from customers) as customers from customers where id = 1`,
      );
      assert.deepEqual(rows, [{ name: 'changed', customers: 200 + deploys.length - 1 }]);
      assert.deepEqual(compareCatalogs(original, await readCatalog(workspace.session)), []);
    });
  });
}
