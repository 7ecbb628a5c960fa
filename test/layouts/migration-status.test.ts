import assert from 'node:assert/strict';
import type { AppliedMigration, History, Migration, MigrationScript } from '../../src/layouts/layout';
import { migrationStatuses } from '../../src/layouts/migration-status';
import { assertNextInOrder } from '../../src/layouts/next-in-order';
import { plainPair } from '../../src/layouts/plain-pair';

const migration = (version: string, down = true): Migration => ({
  version,
  name: `m${version}`,
  folder: '/m',
  layout: 'golang-migrate',
  upPath: `/m/${version}.up.sql`,
  downPath: down ? `/m/${version}.down.sql` : null,
});

const row = (version: string, more: Partial<AppliedMigration> = {}): AppliedMigration => ({
  version,
  name: null,
  appliedAt: null,
  appliedBy: null,
  milliseconds: null,
  contentHash: null,
  dirty: false,
  ...more,
});

const history = (cumulative: boolean, ...applied: AppliedMigration[]): History => ({
  exists: true,
  table: 't',
  applied,
  cumulative,
});

const script = (sql: string, contentHash: string): MigrationScript => ({
  path: '',
  direction: 'up',
  sql,
  offset: 0,
  transaction: 'implicit',
  contentHash,
});

const none = new Map<string, MigrationScript | null>();
const three = ['1', '2', '10'].map((version) => migration(version));

function states(past: History | null, migrations = three): string[] {
  return migrationStatuses({ migrations, history: past, layout: plainPair, up: none, down: none }).map(
    (status) => [status.version, status.state, ...status.flags].join(' '),
  );
}

describe('migration status', () => {
  it('takes everything as pending without a database', () => {
    assert.deepEqual(states(null), ['1 pending', '2 pending', '10 pending']);
  });

  it('reads one row as everything up to it', () => {
    assert.deepEqual(states(history(true, row('2'))), ['1 applied', '2 applied', '10 pending']);
    assert.deepEqual(states(history(true, row('10', { dirty: true }))), [
      '1 applied',
      '2 applied',
      '10 failed',
    ]);
    assert.deepEqual(states(history(true, row('-1', { dirty: true }))), [
      '1 failed',
      '2 pending',
      '10 pending',
    ]);
    assert.deepEqual(states(history(true, row('7'))), ['1 applied', '2 applied', '7 missing', '10 pending']);
    assert.deepEqual(states(history(true)), ['1 pending', '2 pending', '10 pending']);
  });

  it('reads a history of rows, with gaps', () => {
    assert.deepEqual(states(history(false, row('1'), row('10'))), [
      '1 applied',
      '2 pending out-of-order',
      '10 applied',
    ]);
    assert.deepEqual(states(history(false, row('3'))), [
      '1 pending out-of-order',
      '2 pending out-of-order',
      '3 missing',
      '10 pending',
    ]);
  });

  it('flags edited, missing and irreversible downs', () => {
    const [status] = migrationStatuses({
      migrations: [migration('1', false)],
      history: history(false, row('1', { contentHash: 'old' })),
      layout: plainPair,
      up: new Map([['1', script('-- switchback:irreversible drops data\nselect 1', 'new')]]),
      down: none,
    });
    assert.deepEqual(status!.flags, ['edited', 'no-down', 'irreversible']);
  });

  it('lets only the next one up and the last one down', () => {
    const statuses = migrationStatuses({
      migrations: three,
      history: history(true, row('1')),
      layout: plainPair,
      up: none,
      down: none,
    });
    assertNextInOrder(statuses, '2', 'up');
    assertNextInOrder(statuses, '1', 'down');
    assert.throws(() => assertNextInOrder(statuses, '10', 'up'), { code: 'invalid-input' });
    assert.throws(() => assertNextInOrder(statuses, '2', 'down'), { code: 'invalid-input' });
    const failed = migrationStatuses({
      migrations: three,
      history: history(true, row('2', { dirty: true })),
      layout: plainPair,
      up: none,
      down: none,
    });
    assert.throws(() => assertNextInOrder(failed, '10', 'up'), { code: 'invalid-input' });
  });
});
