import { deployChoices, dualWriterChoices } from '../../src/workbench/wizard/dual-write-choices';
import type { StationId, WizardState } from '../../src/protocol/wizard-state';

const titles: Record<StationId, string> = {
  change: 'Change',
  assess: 'Assess',
  plan: 'Plan',
  implement: 'Implement',
  verify: 'Verify',
  contract: 'Contract',
};

/** A full snapshot in the middle of renaming customers.name, as the host would send it. */
export function sampleState(station: StationId): WizardState {
  return {
    station,
    stations: (Object.keys(titles) as StationId[]).map((id, index) => ({
      id,
      title: titles[id],
      state:
        id === station
          ? 'current'
          : index < 3
            ? 'done'
            : index < 5
              ? 'open'
              : station === 'contract'
                ? 'open'
                : 'locked',
    })),
    title: 'Rename public.customers.name to full_name',
    planState: 'Migrating on shop',
    trusted: true,
    connection: {
      name: 'Shop',
      label: 'shop on localhost:5432',
      environment: 'staging',
      engine: 'PostgreSQL 18.4',
    },
    busy: null,
    problem: null,
    notice: null,
    change: {
      draft: {
        kind: 'rename-column',
        table: 'public.customers',
        values: { from: 'name', to: 'full_name' },
        others: [],
        dualWrite: 'trigger',
      },
      revision: 0,
      others: [],
      complete: true,
      sketch: null,
      subject: { label: 'Table', empty: 'Choose a table', control: 'pick' },
      recipes: [
        {
          id: 'rename-column',
          group: 'Columns',
          title: 'Rename a column',
          description: 'Old and new application code run side by side; no write is lost.',
        },
        {
          id: 'add-required-column',
          group: 'Columns',
          title: 'Add a required column',
          description: 'Every row gets a value before the column becomes NOT NULL.',
        },
      ],
      tables: [
        { value: 'public.orders', detail: '200,000 rows, 31 MB' },
        { value: 'public.customers', detail: '50,000 rows, 9.2 MB' },
      ],
      fields: [
        {
          id: 'from',
          label: 'Old name',
          control: 'pick',
          of: 'table',
          hint: null,
          placeholder: null,
          lines: null,
          options: [
            { value: 'id', label: 'id', detail: 'bigint' },
            { value: 'name', label: 'name', detail: 'text, required' },
            { value: 'email', label: 'email', detail: 'text, required' },
          ],
        },
        {
          id: 'to',
          label: 'New name',
          control: 'text',
          of: 'database',
          hint: 'Write it as it should be; Switchback quotes it where SQL needs that.',
          placeholder: null,
          lines: null,
          options: [],
        },
      ],
      problems: {},
      sentence: 'Rename public.customers.name to full_name',
      locked: false,
    },
    assessment: sampleAssessment(),
    prerequisites: samplePrerequisites(),
    plan: samplePlan(),
    run: sampleRun(),
    report: {
      takenAt: '21 November 2026, 11:42 UTC',
      database: 'shop on localhost:5432',
      verdict: 'All 4 checks passed',
      tone: 'good',
      path: '/work/shop/plans/20261121-rename/report.md',
      checks: [
        {
          id: 'rows',
          title: 'Old and new column are equal on every row',
          verdict: 'Passed',
          tone: 'good',
          evidence: '50,000 rows compared, 0 differ',
          sql: 'select count(*) = 0 as holds\n  from public.customers\n where name is distinct from full_name;',
          time: '38 ms',
        },
        {
          id: 'nulls',
          title: 'No NULL is left in full_name',
          verdict: 'Passed',
          tone: 'good',
          evidence: '0 rows',
          sql: null,
          time: '12 ms',
        },
        {
          id: 'constraint',
          title: 'customers_full_name_not_null is valid',
          verdict: 'Failed',
          tone: 'bad',
          evidence: 'convalidated is false. Run step 05 again.',
          sql: null,
          time: '2 ms',
        },
      ],
    },
    rehearsal: {
      shadow: 'in a local PostgreSQL 18.4',
      verdict: 'Rollback proven',
      tone: 'good',
      migrations: [
        {
          title: '013 add_full_name',
          verdict: 'exact',
          tone: 'good',
          detail: 'Up, down and up again gave the same schema.',
          time: '85 ms',
        },
      ],
    },
    contract: {
      waits: [
        {
          step: '08-wait',
          title: 'Deprecation window of 30 days',
          state: '29 days left',
          tone: 'notice',
          canShorten: true,
        },
      ],
      pointOfNoReturn:
        'Step 10 drops the column name. Its values stay in full_name; a rollback after that makes the column anew and copies them back.',
      phase: samplePlan().phases[0]!,
      steps: [
        {
          id: '09-check',
          title: 'Nobody uses the old name',
          kind: 'check',
          phase: 'Contract',
          state: 'blocked',
          detail: '',
          error: null,
          instructions: null,
          gates: [],
        },
        {
          id: '10-drop',
          title: 'Drop the trigger and the old column',
          kind: 'migration',
          phase: 'Contract',
          state: 'blocked',
          detail: '',
          error: null,
          instructions: null,
          gates: [],
        },
      ],
      hindrance: 'The deprecation window is not over: 29 days left.',
      released: false,
      done: false,
    },
  };
}

function samplePrerequisites(): WizardState['prerequisites'] {
  return {
    summary: '4 of 6 are held, 2 open.',
    tone: 'notice',
    items: [
      {
        id: 'scope',
        title: 'What changes, and for whom, is written down',
        held: false,
        state: 'Open',
        detail: 'Say which systems and users are concerned and how much downtime is expected.',
      },
      {
        id: 'impact',
        title: 'What the change touches has been looked at',
        held: true,
        state: 'Held by evidence',
        detail:
          'Rename public.customers.name to full_name was assessed on shop on localhost:5432 (2026-11-21): 50,000 rows in public.customers; objects that depend on it: 5; in the code 1 place in 1 file; risks: 2.',
      },
      {
        id: 'stakeholders',
        title: 'The people affected are known and have been told',
        held: true,
        state: 'Held by a person',
        detail: 'Confirmed by the product owner on 2026-11-21: told in the weekly meeting',
      },
      {
        id: 'staging',
        title: 'There is a staging database to try it on',
        held: true,
        state: 'Held by evidence',
        detail: 'Saved connections labelled staging: Shop staging.',
      },
      {
        id: 'rollback',
        title: 'The way back exists',
        held: true,
        state: 'Held by evidence',
        detail:
          'All 13 steps before the point of no return have their way back, and that point comes after 30 days of waiting.',
      },
      {
        id: 'time',
        title: 'There is enough time for it',
        held: false,
        state: 'Open',
        detail:
          'The plan takes 38 days and ends on 2026-12-28. Give the deadline, or name who has set that time aside.',
      },
    ],
    scope: {
      fields: [
        {
          id: 'systems',
          label: 'Systems',
          value: 'shop-web, reports (connected to shop when it was assessed); code in src, reports',
          hint: 'Services, jobs, reports.',
          problem: null,
        },
        {
          id: 'users',
          label: 'Users',
          value:
            'the users of shop-web, reports; old and new code run side by side, so they should notice nothing',
          hint: 'Who would notice, and how many.',
          problem: null,
        },
        {
          id: 'downtime',
          label: 'Expected downtime',
          value: 'none; no step should hold a lock for longer than 12 ms',
          hint: 'In words; computed from the locks of the plan.',
          problem: null,
        },
        {
          id: 'deadline',
          label: 'Deadline (optional)',
          value: '31.12.',
          hint: 'As 2026-12-31. The timeline is compared with it.',
          problem: 'Type a day as 2026-12-31, or nothing.',
        },
      ],
      volume: '50,000 rows, 9.2 MB',
      complete: false,
      hint: 'Proposed from what was found. Correct it, or keep it as it is.',
    },
  };
}

function sampleAssessment(): WizardState['assessment'] {
  return {
    takenAt: 'Taken 21 November 2026, 11:30 UTC',
    summary: 'public.customers has 50,000 rows in 9.2 MB; 5 objects depend on name.',
    blockers: [],
    canSample: true,
    sampled: [],
    groups: [
      {
        title: 'Server',
        facts: [
          { label: 'Version', value: 'PostgreSQL 18.4', tone: 'neutral', note: null },
          { label: 'Database size', value: '118 MB', tone: 'neutral', note: null },
          { label: 'Replicas', value: 'none', tone: 'neutral', note: null },
          {
            label: 'Long transactions',
            value: '1, the oldest 4 min',
            tone: 'notice',
            note: 'Each waits in front of the lock the change takes.',
          },
          {
            label: 'Disk needed',
            value: '3.1 MB',
            tone: 'neutral',
            note: 'Free space is unknown: SQL cannot read it.',
          },
        ],
      },
      {
        title: 'Table',
        facts: [
          { label: 'Rows', value: '50,000', tone: 'neutral', note: null },
          { label: 'Size', value: '9.2 MB', tone: 'neutral', note: 'heap 6.1 MB, indexes 3.1 MB' },
          { label: 'Primary key', value: 'id', tone: 'good', note: null },
          { label: 'Triggers', value: '1', tone: 'neutral', note: null },
        ],
      },
    ],
    graph: {
      subjects: ['table column public.customers.name'],
      nodes: [
        {
          id: 'table column public.customers.name',
          kind: 'column',
          label: 'public.customers.name',
          opens: false,
        },
        { id: 'view public.customer_orders', kind: 'view', label: 'public.customer_orders', opens: true },
      ],
      arrows: [
        {
          from: 'view public.customer_orders',
          to: 'table column public.customers.name',
          writes: false,
          certain: true,
        },
      ],
      note: null,
    },
    tables: [
      {
        title: 'Depends on the column',
        headers: ['Kind', 'Name', 'Uses'],
        rows: [
          ['view', 'public.customer_orders', 'name'],
          ['function', 'public.greeting(bigint)', 'name'],
        ],
        empty: 'Nothing depends on the column.',
      },
      {
        title: 'Foreign keys to this table',
        headers: ['Name', 'From'],
        rows: [['orders_customer_id_fkey', 'public.orders (customer_id)']],
        empty: 'None.',
      },
    ],
    research: {
      pitfalls: [
        {
          said: 'From the commit of RENAME COLUMN on every statement with the old name fails.',
          answer: 'A second column stands beside the old one until no code uses that.',
        },
      ],
      alternatives: [
        { said: 'Stop every instance of the application.', answer: 'It is less work, but it is downtime.' },
      ],
      past: [
        {
          path: 'db/migrations/000007_rename.up.sql',
          line: 3,
          statement: 'ALTER TABLE customers RENAME COLUMN mail TO email',
          commit: 'Ada Lovelace on 2025-05-06',
        },
      ],
      pastNote: null,
      pages: [{ title: 'ALTER TABLE', address: 'https://www.postgresql.org/docs/18/sql-altertable.html' }],
      others: [{ title: 'golang-migrate', address: 'https://github.com/golang-migrate/migrate' }],
    },
    code: {
      summary:
        'What goes along with the change: 1 place in 1 file. Places that name only the table: 1. Files searched: 41.',
      references: [
        {
          path: '/work/shop/app/customers.ts',
          label: 'app/customers.ts',
          line: 14,
          text: 'select id, name from customers where id = $1',
          group: 'Reads',
          mentions: 'table and column',
        },
        {
          path: '/work/shop/app/report.sql',
          label: 'app/report.sql',
          line: 3,
          text: 'join customers c on c.id = o.customer_id',
          group: 'Mentions it',
          mentions: 'table',
        },
      ],
    },
    type: {
      title: 'API breaking change',
      why: 'code that reads the old name stops working when it goes.',
      facts: [
        { label: 'Complexity', value: 'Medium', tone: 'neutral', note: null },
        { label: 'Usual risk', value: 'High', tone: 'notice', note: null },
        { label: 'Usual duration', value: 'days to weeks', tone: 'neutral', note: null },
      ],
    },
    risk: {
      title: 'Medium risk',
      tone: 'notice',
      reasons: [
        {
          level: 'Medium',
          tone: 'notice',
          sentence: 'Old code writes the old column while the new one fills.',
          evidence: '1 place in 1 file.',
          mitigation: 'A trigger keeps both columns equal from the first step on.',
        },
        {
          level: 'Low',
          tone: 'neutral',
          sentence: 'The backfill writes every row once.',
          evidence: '50,000 rows, 6.1 MB heap.',
          mitigation: 'Batches of at most 50 ms, VACUUM after every tenth.',
        },
      ],
    },
  };
}

function samplePlan(): NonNullable<WizardState['plan']> {
  const sql = (
    forward: string,
    rollback: string,
  ): NonNullable<WizardState['plan']>['phases'][0]['steps'][0]['sql'] => [
    { part: 'forward', title: 'Forward', sql: forward, note: null },
    { part: 'rollback', title: 'Rollback', sql: rollback, note: null },
    {
      part: 'verification',
      title: 'Verification',
      sql: "select exists (\n  select from pg_attribute where attname = 'full_name'\n) as holds;",
      note: 'The column exists.',
    },
  ];
  return {
    id: '20261121-rename-customers-name-to-full-name',
    folder: 'plans/20261121-rename-customers-name-to-full-name',
    layout: 'golang-migrate files in db/migrations, 10 steps in 3 phases.',
    migrationFolders: ['db/migrations'],
    migrationFolder: 'db/migrations',
    options: {
      batchMilliseconds: 50,
      batchRows: 1000,
      vacuumShare: 0.1,
      deprecationDays: 30,
      lockTimeoutMilliseconds: 500,
      strategy: 'incremental',
      dualWrite: 'trigger',
      deploySteps: 'one',
    },
    optionsLocked: false,
    optionProblems: {},
    stepKinds: ['backfill', 'wait'],
    strategies: [
      {
        id: 'incremental',
        title: 'Incremental',
        why: 'Old and new code run side by side; each step can be taken back.',
      },
      { id: 'big-bang', title: 'Big bang', why: 'Every client must switch in the same second.' },
    ],
    dualWriters: dualWriterChoices(),
    deployChoices: deployChoices(),
    notes: ['The view public.customer_orders is repointed; check who reads it.'],
    pointOfNoReturn: 'Step 10 drops the column name.',
    scaffolded: true,
    documents: [
      { label: 'plan.md', path: '/work/shop/plans/x/plan.md' },
      { label: 'rollback.md', path: '/work/shop/plans/x/rollback.md' },
    ],
    phases: [
      {
        name: 'expand',
        title: 'Expand',
        goal: 'The new column exists and every write reaches both.',
        steps: [
          {
            id: '01-add-column',
            title: '01 Add full_name and the dual-write trigger',
            kind: 'migration',
            action:
              'Adds the column without a default, so that the table is not rewritten, and the trigger that keeps both columns equal.',
            lock: 'ACCESS EXCLUSIVE on public.customers',
            hold: '1 to 5 ms',
            tone: 'notice',
            rollback: 'drops the trigger and the column',
            verification: 'The column and the trigger exist.',
            gates: ['Backup', 'Rehearsal'],
            sql: sql(
              'alter table public.customers add column full_name text;\n\ncreate trigger zz_switchback_customers_name\n  before insert or update on public.customers\n  for each row execute function switchback_dual_write();',
              'alter table public.customers drop column full_name;',
            ),
            sample: null,
          },
        ],
      },
      {
        name: 'migrate',
        title: 'Migrate',
        goal: 'Every row has its value in the new column.',
        steps: [
          {
            id: '02-backfill',
            title: '02 Fill full_name',
            kind: 'backfill',
            action: 'Copies name to full_name in batches by id.',
            lock: 'ROW EXCLUSIVE, rows of one batch',
            hold: '50 ms a batch',
            tone: 'neutral',
            rollback: 'nothing to do: the column goes',
            verification: 'No row differs.',
            gates: [],
            sql: [],
            sample: null,
          },
          {
            id: '03-release-new-name',
            title: '03 Release the application that uses full_name',
            kind: 'deploy',
            action: 'From this release on the application reads and writes the new name.',
            lock: '',
            hold: '',
            tone: 'neutral',
            rollback: 'Release the previous version again: name is still there and equal.',
            verification: 'Both columns are still equal on every row.',
            gates: [],
            sql: [],
            sample: {
              before:
                'await client.query(\n  `UPDATE public.customers SET name = $1 WHERE id = $2`,\n  [value, row.id],\n);',
              after:
                'await client.query(\n  `UPDATE public.customers SET full_name = $1 WHERE id = $2`,\n  [value, row.id],\n);',
            },
          },
        ],
      },
    ],
  };
}

function sampleRun(): NonNullable<WizardState['run']> {
  return {
    state: 'Migrating: 2 of 8 steps done on shop.',
    next: '03-check',
    nextHint: 'Next: 03 Old and new are equal on every row',
    hindrance: null,
    releasable: null,
    canRollBack: true,
    backfill: {
      step: '02-backfill',
      state: 'running',
      share: 0.427,
      rows: '21,350 of 50,000',
      rate: '12,400 rows/s',
      remaining: '2 s',
      batch: '620 rows in 49 ms',
    },
    steps: [
      {
        id: '01-add-column',
        title: '01 Add full_name and the dual-write trigger',
        kind: 'migration',
        phase: 'Expand',
        state: 'done',
        detail: '21 November 2026, 11:35 UTC, by Switchback',
        error: null,
        instructions: null,
        gates: [],
      },
      {
        id: '02-backfill',
        title: '02 Fill full_name',
        kind: 'backfill',
        phase: 'Migrate',
        state: 'running',
        detail: '',
        error: null,
        instructions: null,
        gates: [],
      },
      {
        id: '03-check',
        title: '03 Old and new are equal on every row',
        kind: 'check',
        phase: 'Migrate',
        state: 'ready',
        detail: '',
        error: null,
        instructions: null,
        gates: [
          {
            kind: 'backup',
            title: 'Backup taken',
            state: 'unknown',
            reason: 'Say when it was taken.',
            canConfirm: true,
            canWaive: true,
          },
          {
            kind: 'rehearsal',
            title: 'Rollback rehearsed',
            state: 'held',
            reason: 'exact, 11:32 UTC',
            canConfirm: false,
            canWaive: false,
          },
        ],
      },
      {
        id: '04-deploy',
        title: '04 Read and write full_name',
        kind: 'deploy',
        phase: 'Migrate',
        state: 'blocked',
        detail: '',
        error: null,
        instructions: 'Release code that uses full_name.',
        gates: [],
      },
      {
        id: '05-validate',
        title: '05 Validate NOT NULL',
        kind: 'migration',
        phase: 'Migrate',
        state: 'failed',
        detail: '',
        error:
          'lock_timeout after 5 tries: pid 4711 holds ROW EXCLUSIVE on public.customers. End it, then apply again.',
        instructions: null,
        gates: [],
      },
    ],
    dryRun: {
      title: 'Dry run passed',
      where: 'On shop, rolled back.',
      tone: 'good',
      lines: [{ step: '03-check', tone: 'good', text: 'rows that differ: 0, 38 ms' }],
    },
    log: [
      { at: '11:35:02', step: '01-add-column', text: 'Done in 12 ms', tone: 'good' },
      {
        at: '11:35:04',
        step: '02-backfill',
        text: 'Waits for pid 4711, tries again in 300 ms',
        tone: 'notice',
      },
    ],
  };
}
