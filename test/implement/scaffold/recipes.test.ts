import assert from 'node:assert/strict';
import path from 'node:path';
import { assess } from '../../../src/assess/assess';
import type { AddRequiredColumn } from '../../../src/assess/changes/add-required-column';
import type { RenameColumn } from '../../../src/assess/changes/rename-column';
import { sessionFactory } from '../../../src/database/connect';
import type { Session } from '../../../src/database/session';
import { readPlanFolder } from '../../../src/implement/scaffold/plan-file';
import { rehearsedSteps } from '../../../src/implement/scaffold/rehearsed-steps';
import { noPlanAnswers } from '../../../src/assess/plan-answers';
import { scaffoldPlan } from '../../../src/implement/scaffold/scaffold-plan';
import { normalizedPlan } from '../../../src/implement/scaffold/step-files';
import { createPlan } from '../../../src/plan/create-plan';
import { defaultPlanOptions, stepsOf } from '../../../src/plan/plan';
import { systemClock } from '../../../src/ports/clock';
import { silentProgress } from '../../../src/ports/progress';
import { isProven } from '../../../src/rehearse/rehearsal';
import { rehearseSteps } from '../../../src/rehearse/rehearse-steps';
import { openShadow } from '../../../src/shadow/open-shadow';
import type { Shadow } from '../../../src/shadow/shadow';
import { loadParser } from '../../../src/sql/parser';
import { memoryFiles } from '../../support/memory-files';
import { testServer, type TestDatabase } from '../../support/servers';
import { shippedTemplates } from './shipped-templates';

const root = path.resolve(__dirname, '../../..');

const schema = `create table public.customers (id bigint generated always as identity primary key,
  name text not null, email text, created_at timestamptz not null default now());
create index customers_name_idx on public.customers (lower(name));
create unique index customers_email_idx on public.customers (email, name);
alter table public.customers add constraint customers_name_check check (name <> '');
create view public.customer_names as select id, name from public.customers;
comment on column public.customers.name is 'it''s | theirs';
insert into public.customers (name, email) select 'name ' || n, n || '@example.org' from generate_series(1, 200) n;
analyze public.customers;`;

const table = { schema: 'public', name: 'customers' };
const changes: (RenameColumn | AddRequiredColumn)[] = [
  { kind: 'rename-column', table, from: 'name', to: 'full_name' },
  { kind: 'rename-column', table, from: 'name', to: 'Full|Name `x` <b>' },
  {
    kind: 'add-required-column',
    table,
    column: 'status',
    type: 'text',
    fill: { by: 'default', expression: "'active'" },
    keepDefault: false,
  },
  {
    kind: 'add-required-column',
    table,
    column: 'slug',
    type: 'text',
    fill: { by: 'expression', expression: "lower(name) || '|' || id" },
    keepDefault: false,
  },
];

for (const major of [12, 18] as const) {
  describe(`plans of the recipes, scaffolded and rehearsed on PostgreSQL ${major}`, function () {
    this.timeout(120_000);
    let database: TestDatabase;
    let session: Session;
    let shadow: Shadow;

    before(async () => {
      database = await (await testServer({ major })).createDatabase();
      session = await sessionFactory(database.connection, async () => database.password).open();
      await session.script(schema);
      shadow = await openShadow('local', {
        assets: { distFolder: path.join(root, 'dist') },
        binaries: { packageFolders: [root], searchPath: '' },
        major,
      });
    });
    after(async () => {
      await shadow?.dispose();
      await session?.close();
      await database?.drop();
    });

    for (const change of changes) {
      const name = change.kind === 'rename-column' ? change.to : change.column;
      it(`${change.kind}: ${name}`, async () => {
        const files = memoryFiles(shippedTemplates());
        const signal = new AbortController().signal;
        const parser = await loadParser();
        const assessment = await assess({
          session,
          connection: { environment: 'production' },
          label: 'shop on localhost',
          change,
          files,
          root: '/w',
          excludedFolders: [],
          freeBytes: null,
          clock: systemClock(),
          progress: silentProgress(),
          signal,
        });
        const { plan, notes } = createPlan({
          change,
          assessment,
          options: defaultPlanOptions,
          layout: { id: 'golang-migrate', folder: 'migrations' },
          parser,
          now: new Date('2026-03-04T05:06:07Z'),
        });
        const folder = `/w/plans/${plan.id}`;
        const request = {
          plan,
          assessment,
          notes,
          answers: noPlanAnswers,
          prerequisites: [],
          folder,
          root: '/w',
          files,
          templates: { shipped: '/templates', override: null },
          now: new Date(),
          resolve: () => Promise.reject(new Error('asked')),
        };
        const result = await scaffoldPlan(request);
        const loaded = await readPlanFolder(folder, files, '/w');
        assert.deepEqual(loaded.plan, await normalizedPlan(plan));
        assert.deepEqual((await scaffoldPlan(request)).written, []);

        for (const file of files.paths().filter((item) => item.endsWith('.sql'))) {
          const { problems } = parser.parse(await files.read(file));
          // verify.sql and the scripts are for psql and have its commands.
          const unexpected = problems.filter((problem) => problem.kind !== 'not-analysed');
          const forPsql = file.endsWith('/verify.sql') || file.includes('/scripts/');
          assert.deepEqual(forPsql ? unexpected : problems, [], file);
        }
        for (const file of result.release.written) {
          const { statements } = parser.parse(await files.read(file));
          assert.ok(statements.length > 0, file);
        }
        for (const file of files.paths().filter((item) => item.includes('/plans/') && item.endsWith('.md'))) {
          assert.doesNotMatch(await files.read(file), /\bundefined\b|\[object|\bNaN\b|\{\{/, file);
        }

        const rehearsal = await rehearseSteps({
          shadow,
          prepare: [],
          before: [{ sql: schema, transaction: 'implicit', label: 'schema' }],
          steps: rehearsedSteps(loaded.plan, folder),
          progress: silentProgress(),
          signal,
        });
        const noReturn = stepsOf(plan).findIndex(
          (step) => 'rollback' in step && step.rollback.kind === 'no-return',
        );
        const bad = rehearsal.migrations.filter(
          (item) => !isProven(item.verdict) && item.verdict !== 'irreversible',
        );
        assert.deepEqual(
          bad.map(({ version, verdict, error, differences }) => ({ version, verdict, error, differences })),
          [],
        );
        assert.equal(
          rehearsal.migrations.some((item) => item.verdict === 'irreversible'),
          noReturn >= 0,
        );
      });
    }
  });
}
