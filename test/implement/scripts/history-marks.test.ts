import assert from 'node:assert/strict';
import { hasProgram, scriptWorkspace, type ScriptWorkspace } from './script-workspace';

const column = [
  ...['add-required-column', '--table', 'customers', '--column', 'v'],
  ...['--type', 'int', '--expression', 'length(name)'],
];

for (const major of [12, 18] as const) {
  describe(`golang-migrate's mark after a run that was cut off, PostgreSQL ${major} [psql]`, function () {
    this.timeout(120_000);
    let workspace: ScriptWorkspace;
    let plan: string;

    beforeEach(async function () {
      if (!(await hasProgram('psql'))) this.skip();
      workspace = await scriptWorkspace(major, 'golang-migrate', 20);
      plan = await workspace.scaffold(...column);
      await workspace.writeEnvironment(plan);
      const forward = await workspace.run(
        plan,
        'migrate-forward.sh',
        ...['--phase', 'expand', '--install-schema'],
      );
      assert.equal(forward.exitCode, 0, forward.out);
    });
    afterEach(() => workspace?.dispose());

    const history = async (): Promise<string> => {
      const { rows } = await workspace.session.query<{ marks: string }>(
        `select string_agg(version || case when dirty then ' dirty' else '' end, ',') as marks from schema_migrations`,
      );
      return rows[0]!.marks;
    };
    const mark = (version: number): Promise<unknown> =>
      workspace.session.query(`update schema_migrations set version = ${version}, dirty = true`);

    /** Each goes forward in the phase expand, or back, by the script and by the editor. */
    const by = {
      script: {
        forward: (...words: string[]) =>
          workspace.run(plan, 'migrate-forward.sh', '--phase', 'expand', ...words),
        back: () => workspace.run(plan, 'migrate-rollback.sh'),
      },
      editor: {
        forward: () => workspace.editor('apply', plan, '--phase', 'expand'),
        back: () => workspace.editor('rollback', plan),
      },
    };

    for (const face of ['script', 'editor'] as const) {
      it(`is set right by the ${face} in each state`, async () => {
        // Forward: committed and still marked, with nothing else to do.
        await mark(2);
        const settled = await by[face].forward();
        assert.equal(settled.exitCode, 0, settled.out);
        assert.equal(await history(), '2');
        // Back: marked and not committed.
        await mark(1);
        const back = await by[face].back();
        assert.equal(back.exitCode, 0, back.out);
        assert.equal(await history(), '1');
        const columns = await workspace.session.query(
          `select from information_schema.columns where table_name = 'customers' and column_name = 'v'`,
        );
        assert.equal(columns.rowCount, 0);
        // Back: committed and still marked.
        await mark(1);
        const again = await by[face].back();
        assert.equal(again.exitCode, 0, again.out);
        assert.equal(await history(), '1');
      });
    }
  });
}
