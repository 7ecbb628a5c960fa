import type { Assessment } from '../../../src/assess/assessment';
import type { TableFacts } from '../../../src/catalog/table-facts';
import { defaultPlanOptions, type Plan } from '../../../src/plan/plan';
import {
  formatIdentifier,
  formatQualifiedName,
  quoteLiteral,
  type QualifiedName,
} from '../../../src/sql/identifier';

export interface SampleNames {
  table: QualifiedName;
  from: string;
  to: string;
  view: string;
}

export const plainNames: SampleNames = {
  table: { schema: 'public', name: 'customers' },
  from: 'name',
  to: 'full_name',
  view: 'customer_list',
};

/** Names that break Markdown, SQL and HTML where they are not quoted; the table's has 63 bytes. */
export const hostileNames: SampleNames = {
  table: { schema: 'Weird|Schema', name: 'table`with|"quotes" & <b>\u{1F600}</b>'.padEnd(61, 'x') },
  from: "na'me|--*/",
  to: '<script>alert(1)</script>`|`',
  view: '*v_i_e_w* [x](y)\n# not a heading',
};

/** A rename in three phases with every kind of step, built by hand. */
export function samplePlan(
  names: SampleNames,
  layout: Plan['layout'] = { id: 'golang-migrate', folder: 'db/migrations' },
): Plan {
  const table = formatQualifiedName(names.table);
  const [from, to] = [formatIdentifier(names.from), formatIdentifier(names.to)];
  const hold = { low: 1, high: 20 };
  const forecast = {
    lock: 'AccessExclusiveLock',
    relation: table,
    work: 'catalog',
    holdMilliseconds: hold,
    phrase: `blocks everything on ${table} for 1-20 ms`,
  } as const;
  const holds = (condition: string): string => `SELECT ${condition} AS holds`;
  return {
    id: '20260304-rename-name',
    title: `Rename ${table}.${from} to ${to}`,
    createdAt: '2026-03-04T05:06:07.000Z',
    change: { kind: 'rename-column', table: names.table, from: names.from, to: names.to },
    recipe: 'rename-column',
    layout,
    serverMajor: 18,
    options: { ...defaultPlanOptions },
    strategy: {
      kind: 'incremental',
      why: 'Old and new code run side by side.',
      alternatives: [
        { kind: 'big-bang', why: 'Code of the old shape would fail at once.' },
        { kind: 'blue-green', why: 'One column does not justify a second database.' },
        { kind: 'strangler-fig', why: 'One table changes.' },
      ],
    },
    pointOfNoReturn: { step: '08-drop-old', why: `It drops ${from}.` },
    phases: [
      {
        name: 'expand',
        goal: 'Both columns are there and kept equal.',
        steps: [
          {
            id: '01-add-column',
            kind: 'migration',
            title: `Add ${to} to ${table}`,
            action: `Adds ${to} | the copy of ${from}.`,
            forward: `ALTER TABLE ${table} ADD COLUMN ${to} text;\n`,
            rollback: { kind: 'sql', sql: `ALTER TABLE ${table} DROP COLUMN ${to};\n` },
            verification: { sql: holds('true'), expectation: `The column ${to} is there.` },
            gates: ['backup', 'rehearsal'],
            forecast,
          },
        ],
      },
      {
        name: 'migrate',
        goal: 'The new column has all values and the application uses it.',
        steps: [
          {
            id: '02-backfill',
            kind: 'backfill',
            title: `Fill ${to} from ${from}`,
            action: 'Copies the values in small batches.',
            backfill: {
              table: names.table,
              assignments: [{ column: names.to, expression: from }],
              pending: `${to} IS DISTINCT FROM ${from}`,
              walk: { by: 'key', columns: ['id'] },
              estimatedRows: 200_000,
            },
            rollback: { kind: 'nothing', why: 'The column goes with step 01-add-column.' },
            verification: {
              sql: holds(`NOT EXISTS (SELECT FROM ${table} WHERE ${to} IS DISTINCT FROM ${from})`),
              expectation: 'No row differs.',
            },
            gates: ['disk'],
            forecast: {
              ...forecast,
              lock: 'RowExclusiveLock',
              work: 'rewrite',
              phrase: 'row locks of one batch at a time',
            },
          },
          {
            id: '03-check-equal',
            kind: 'check',
            title: 'Compare both columns on every row',
            action: 'Counts rows that differ.',
            checks: [
              {
                id: 'equal',
                title: 'Both columns are equal',
                sql: `SELECT count(*) = 0 AS holds, count(*)::text AS detail FROM ${table} WHERE ${to} IS DISTINCT FROM ${from}`,
              },
            ],
            verification: { sql: holds('true'), expectation: 'No row differs.' },
            gates: [],
            forecast: null,
          },
          {
            id: '04-add-index',
            kind: 'concurrent',
            title: `Index ${to}`,
            action: 'Builds the index while others read and write.',
            forward: `CREATE INDEX CONCURRENTLY customers_copy ON ${table} (${to});\n`,
            rollback: {
              kind: 'sql',
              sql: `DROP INDEX CONCURRENTLY ${formatIdentifier(names.table.schema)}.customers_copy;\n`,
            },
            verification: { sql: holds('true'), expectation: 'The index is valid.' },
            gates: ['disk', 'long-transactions'],
            forecast: {
              ...forecast,
              lock: 'ShareUpdateExclusiveLock',
              work: 'index-build',
              phrase: 'lets reads and writes through',
            },
          },
          {
            id: '05-vacuum',
            kind: 'vacuum',
            title: `Vacuum ${table}`,
            action: 'Frees the space of old row versions.',
            forward: `VACUUM (TRUNCATE false) ${table};\n`,
            rollback: { kind: 'nothing', why: 'It changes no data.' },
            verification: { sql: holds('true'), expectation: 'Vacuumed.' },
            gates: [],
            forecast: null,
          },
          {
            id: '06-release-new-name',
            kind: 'deploy',
            title: `Release the application that uses ${to}`,
            action: 'The switch.',
            instructions: `Use ${to} in place of ${from}.`,
            rollbackInstructions: 'Release the previous version again.',
            sample: null,
            verification: { sql: holds('true'), expectation: 'Both columns are still equal.' },
            gates: [],
            forecast: null,
          },
          {
            id: '07-wait',
            kind: 'wait',
            title: 'Wait 30 days',
            action: 'Everything can still be taken back.',
            days: 30,
            why: 'Monthly jobs still know the old name.',
            verification: null,
            gates: [],
            forecast: null,
          },
        ],
      },
      {
        name: 'contract',
        goal: 'The old column is gone.',
        steps: [
          {
            id: '08-drop-old',
            kind: 'migration',
            title: `Drop ${from}`,
            action: 'The old column goes.',
            forward: `ALTER TABLE ${table} DROP COLUMN ${from};\n`,
            rollback: {
              kind: 'no-return',
              why: `The values of ${from} are gone; ${quoteLiteral(names.from)} has to be filled anew.`,
            },
            verification: { sql: holds('true'), expectation: `There is no column ${from}.` },
            gates: ['deployed', 'soak', 'backup', 'approval'],
            forecast,
          },
        ],
      },
    ],
  };
}

/** What was assessed for the sample plan. */
export function sampleAssessment(names: SampleNames): Assessment {
  const table: TableFacts = {
    name: names.table,
    kind: 'table',
    persistence: 'permanent',
    owner: 'shop',
    comment: null,
    mayAlter: true,
    rows: { count: 200_000, source: 'reltuples' },
    bytes: { heap: 50_331_648, indexes: 12_582_912, toast: 8192, total: 62_922_752 },
    columns: [
      {
        name: names.from,
        type: 'text',
        typeName: { schema: 'pg_catalog', name: 'text' },
        typeKind: 'base',
        collation: null,
        notNull: true,
        default: null,
        defaultVolatility: null,
        identity: null,
        generated: null,
        comment: null,
        nullFraction: 0,
        averageWidth: 14,
        statisticsTarget: null,
      },
    ],
    primaryKey: ['id'],
    uniqueKeys: [['id']],
    indexes: [],
    constraints: [],
    foreignKeysOut: [],
    foreignKeysIn: [],
    partitioning: null,
    partitionOf: null,
    inherits: [],
    inheritedBy: [],
    triggers: [],
    publications: [],
    privileges: [],
    replicaIdentity: 'default',
    rowSecurity: { enabled: false, forced: false, policies: [] },
    storageParameters: [],
    dependents: {
      views: [
        {
          name: { schema: 'public', name: names.view },
          kind: 'view',
          definition: 'select 1',
          owner: 'shop',
          depth: 1,
          columns: [names.from],
        },
      ],
      routines: [],
      policies: [],
      generatedColumns: [],
      triggers: [],
      statistics: [],
      expressionIndexes: [],
      checks: [],
      rules: [],
      sequences: [],
    },
  };
  return {
    change: { kind: 'rename-column', table: names.table, from: names.from, to: names.to },
    takenAt: '2026-03-04T05:00:00.000Z',
    database: {
      label: 'shop on localhost:5432',
      name: 'shop',
      environment: 'production',
      engine: 'postgres',
    },
    server: {
      version: '18.1',
      major: 18,
      databaseBytes: 512 * 1024 * 1024,
      replicas: [{ name: 'replica-1', state: 'streaming', lagBytes: 8192, lagMilliseconds: 12 }],
      slots: [],
      longTransactions: [],
      clients: [{ application: 'shop-web', user: 'shop', sessions: 12 }],
      disk: { heapBytes: 50_331_648, indexBytes: 4_194_304, walBytes: 60_000_000, freeBytes: null },
      lockSlots: { available: 6400, needed: 4 },
    },
    table,
    load: {
      since: '2026-02-01T00:00:00.000Z',
      scans: { sequential: 12, index: 3_456_789 },
      written: { inserted: 1200, updated: 45_000, deleted: 3, heapOnly: 40_000 },
      rows: { live: 200_000, dead: 1500 },
      cached: 0.9987,
      lastVacuum: '2026-03-03T22:00:00.000Z',
      lastAnalyze: '2026-03-03T22:01:00.000Z',
      vacuums: [],
      statements: [
        {
          text: `SELECT ${names.from} FROM ${names.table.name} WHERE id = $1`,
          calls: 3_400_000,
          meanMilliseconds: 0.04,
          totalMilliseconds: 136_000,
          writes: false,
          column: 'named',
        },
      ],
      quietHours: {
        from: 2,
        to: 6,
        share: 0.03,
        evenShare: 1 / 6,
        standsOut: true,
        samples: 101,
        first: '2026-01-22T03:00:00.000Z',
        last: '2026-03-03T21:00:00.000Z',
        column: 'created_at',
        zoned: true,
        local: { zone: 'Europe/Berlin', minutes: 60 },
      },
    },
    dependencies: {
      subjects: [`table column ${names.table.schema}.${names.table.name}.${names.from}`],
      objects: [
        { id: 'view 1', kind: 'view', name: names.view, definition: null },
        { id: 'view 2', kind: 'materialized view', name: `of ${names.view}`, definition: null },
        { id: 'function 1', kind: 'function', name: 'public.rename(text)', definition: null },
      ],
      uses: [
        {
          by: 'view 1',
          of: `table column ${names.table.schema}.${names.table.name}.${names.from}`,
          writes: false,
          certain: true,
        },
        { by: 'view 2', of: 'view 1', writes: false, certain: true },
        {
          by: 'function 1',
          of: `table column ${names.table.schema}.${names.table.name}.${names.from}`,
          writes: true,
          certain: false,
        },
      ],
      truncated: false,
    },
    codeReferences: {
      references: [
        {
          path: 'app/customers.js',
          line: 12,
          column: 5,
          text: `  const sql = "select ${names.from} from ${names.table.name} | x";`,
          mentions: 'both',
          access: 'reads',
        },
      ],
      filesSearched: 1234,
      truncated: false,
    },
    migrationType: {
      id: 'schema-destructive',
      title: 'Destructive schema change',
      complexity: 'high',
      risk: 'high',
      duration: 'days to weeks',
      why: 'A column that is in use goes at the end.',
    },
    risk: {
      level: 'medium',
      reasons: [
        {
          id: 'dependents',
          level: 'medium',
          sentence: `The view ${names.view} reads the column.`,
          evidence: '1 view',
          mitigation: 'It is repointed before the old column goes.',
        },
      ],
    },
    blockers: [],
    research: {
      pages: [
        {
          title: 'ALTER TABLE: Notes',
          address: 'https://www.postgresql.org/docs/18/sql-altertable.html#SQL-ALTERTABLE-NOTES',
        },
      ],
      tools: [{ title: 'golang-migrate', address: 'https://github.com/golang-migrate/migrate' }],
      codeSearch: {
        title: 'Public code with ALTER TABLE, RENAME COLUMN',
        address:
          'https://github.com/search?type=code&q=language%3ASQL%20%22ALTER%20TABLE%22%20%22RENAME%20COLUMN%22',
      },
      pitfalls: [
        {
          pitfall: 'Code with the old name fails at once.',
          solution: 'Both columns are there | until no code uses the old one.',
        },
      ],
      alternatives: [{ instead: 'Stop the application.', why: 'That is downtime.' }],
      past: [
        {
          path: 'db/migrations/000007_rename.up.sql',
          line: 3,
          statement: `ALTER TABLE ${formatQualifiedName(names.table)}\n  RENAME COLUMN old TO ${formatIdentifier(names.from)}`,
          sameTable: true,
          author: 'Ada | [Lovelace](x)',
          committedAt: '2025-05-06T07:08:09+02:00',
        },
        {
          path: 'db/migrations/000002_rename.up.sql',
          line: 1,
          statement: 'ALTER TABLE orders RENAME total TO amount',
          sameTable: false,
          author: null,
          committedAt: null,
        },
      ],
      pastNote: null,
    },
  };
}
