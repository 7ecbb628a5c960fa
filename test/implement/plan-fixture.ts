import { createHash } from 'node:crypto';
import type { RunContext, ReleasedFile } from '../../src/implement/run-context';
import { createRunControl } from '../../src/implement/run-control';
import type { RunEvent } from '../../src/implement/run-event';
import type { LayoutId, Migration, MigrationScript } from '../../src/layouts/layout';
import { layoutById } from '../../src/layouts/layouts';
import { defaultPlanOptions, stepsOf, type Plan, type Step } from '../../src/plan/plan';
import { loadParser } from '../../src/sql/parser';
import type { Bench } from './fixture';

const base = { action: '', gates: [], forecast: null };

/** The rows a sample plan works on. */
export const sampleTable =
  'create schema app; create table app.items (id int primary key, price int not null); insert into app.items select g, g * 10 from generate_series(1, 500) g; analyze app.items';

/** A plan with a step of each kind that adds a column, fills it, proves it, and drops the old one. */
export function samplePlan(layout: LayoutId = 'golang-migrate'): Plan {
  const columnThere = (name: string): string =>
    `select exists (select 1 from information_schema.columns where table_schema = 'app' and table_name = 'items' and column_name = '${name}') as holds`;
  return {
    id: '20260102-items',
    title: 'Sample',
    createdAt: '2026-01-02T00:00:00Z',
    change: { kind: 'rename-column', table: { schema: 'app', name: 'items' }, from: 'price', to: 'cents' },
    recipe: 'rename-column',
    layout: { id: layout, folder: 'migrations' },
    serverMajor: 18,
    options: { ...defaultPlanOptions, batchRows: 50, lockTimeoutMilliseconds: 200 },
    strategy: { kind: 'incremental', why: '', alternatives: [] },
    pointOfNoReturn: { step: '08-drop-price', why: 'The old column goes.' },
    phases: [
      {
        name: 'expand',
        goal: '',
        steps: [
          {
            ...base,
            id: '01-add-cents',
            title: 'Add the column',
            kind: 'migration',
            forward: 'alter table app.items add column cents int',
            rollback: { kind: 'sql', sql: 'alter table app.items drop column cents' },
            verification: { sql: columnThere('cents'), expectation: 'the column cents is there' },
          },
        ],
      },
      {
        name: 'migrate',
        goal: '',
        steps: [
          {
            ...base,
            id: '02-fill',
            title: 'Fill the column',
            kind: 'backfill',
            backfill: {
              table: { schema: 'app', name: 'items' },
              assignments: [{ column: 'cents', expression: 'coalesce(cents, 0) + price' }],
              pending: 'cents is null',
              walk: { by: 'key', columns: ['id'] },
              estimatedRows: 500,
            },
            rollback: { kind: 'nothing', why: 'The column goes.' },
            verification: {
              sql: 'select not exists (select 1 from app.items where cents is null) as holds',
              expectation: 'no NULL is left',
            },
          },
          {
            ...base,
            id: '03-index',
            title: 'Index the column',
            kind: 'concurrent',
            forward:
              'create index concurrently items_cents on app.items (cents);\ncreate unique index concurrently items_id_cents on app.items (id, cents)',
            rollback: {
              kind: 'sql',
              sql: 'drop index concurrently if exists app.items_id_cents;\ndrop index concurrently if exists app.items_cents',
            },
            verification: {
              sql: "select to_regclass('app.items_cents') is not null as holds",
              expectation: 'the index is there',
            },
          },
          {
            ...base,
            id: '04-equal',
            title: 'Old and new are equal',
            kind: 'check',
            checks: [
              {
                id: 'equal',
                title: 'Equal on every row',
                sql: "select count(*) = 0 as holds, 'rows that differ: ' || count(*) as detail from app.items where cents is distinct from price",
              },
            ],
            verification: null,
          },
          {
            ...base,
            id: '05-prove',
            title: 'Prove it',
            kind: 'migration',
            forward:
              'alter table app.items add constraint cents_set check (cents is not null) not valid;\nalter table app.items validate constraint cents_set',
            rollback: { kind: 'sql', sql: 'alter table app.items drop constraint cents_set' },
            verification: {
              sql: "select convalidated as holds from pg_constraint where conname = 'cents_set'",
              expectation: 'the constraint is valid',
            },
          },
          {
            ...base,
            id: '06-deploy',
            title: 'Release the application',
            kind: 'deploy',
            instructions: 'Read and write cents.',
            rollbackInstructions: 'Release the version that uses price.',
            sample: null,
            verification: null,
          },
          {
            ...base,
            id: '07-wait',
            title: 'Wait',
            kind: 'wait',
            days: 30,
            why: 'Old versions may still run.',
            verification: null,
          },
        ],
      },
      {
        name: 'contract',
        goal: '',
        steps: [
          {
            ...base,
            id: '08-drop-price',
            title: 'Drop the old column',
            kind: 'migration',
            gates: ['deployed', 'soak'],
            forward: 'alter table app.items drop column price',
            rollback: { kind: 'no-return', why: 'Its values are gone.' },
            verification: {
              sql: `select not holds as holds from (${columnThere('price')}) as there`,
              expectation: 'the old column is gone',
            },
          },
        ],
      },
    ],
  };
}

/** Released files of all migration steps of a plan, in memory. */
export function releasedFiles(plan: Plan): (step: Step) => Promise<ReleasedFile | null> {
  const steps = stepsOf(plan).filter((step) => step.kind === 'migration');
  const siblings = steps.map((step, index): Migration => {
    const version = String(index + 1);
    return {
      version,
      name: step.id,
      folder: '/w/migrations',
      layout: plan.layout.id,
      upPath: `/w/migrations/${version}_x.sql`,
      downPath: null,
    };
  });
  return async (step) => {
    const index = steps.findIndex((candidate) => candidate.id === step.id);
    if (index < 0 || step.kind !== 'migration') return null;
    return {
      layout: layoutById(plan.layout.id),
      migration: siblings[index]!,
      siblings,
      directory: 'migrations',
      up: script(step.forward, 'up', plan),
      down: step.rollback.kind === 'sql' ? script(step.rollback.sql, 'down', plan) : null,
    };
  };
}

function script(sql: string, direction: 'up' | 'down', plan: Plan): MigrationScript {
  const transaction = plan.layout.id === 'plain' ? 'wrapped' : 'implicit';
  return {
    path: `/w/${direction}.sql`,
    direction,
    sql,
    offset: 0,
    transaction,
    contentHash: createHash('sha256').update(sql).digest('hex'),
  };
}

export interface SampleRun {
  context: RunContext;
  events: RunEvent[];
}

/** What a run of a plan on a test database is given; nothing confirmed, development. */
export async function sampleRun(
  bench: Pick<Bench, 'sessions' | 'clock'>,
  plan: Plan,
  change: Partial<RunContext> = {},
): Promise<SampleRun> {
  const events: RunEvent[] = [];
  return {
    events,
    context: {
      plan,
      sessions: bench.sessions,
      environment: 'development',
      confirmedDatabase: null,
      by: 'tester',
      evidence: [],
      contentHash: null,
      released: releasedFiles(plan),
      confirmations: new Map(),
      shortenWaits: false,
      parser: await loadParser(),
      control: createRunControl(),
      onEvent: (event) => events.push(event),
      clock: bench.clock,
      signal: new AbortController().signal,
      ...change,
    },
  };
}
