import assert from 'node:assert/strict';
import type { TableFacts } from '../../src/catalog/table-facts';
import type { ChangeFacts } from '../../src/assess/change-facts';
import type { SplitTable } from '../../src/assess/changes/split-table';
import { diskNeed } from '../../src/assess/disk-need';
import { locksNeeded } from '../../src/assess/locks-needed';
import { assessedParts } from '../../src/assess/assess-together';
import { plainNames, sampleAssessment } from '../implement/scaffold/sample-plan';

const sample = assessedParts(sampleAssessment(plainNames))[0]!.table;

function tableOf(name: string, rows: number, partitions = 0): TableFacts {
  return {
    ...sample,
    name: { schema: 'app', name },
    rows: { count: rows, source: 'reltuples' },
    bytes: { heap: rows * 100, indexes: rows * 20, toast: rows * 10, total: rows * 130 },
    partitioning: partitions === 0 ? null : { ...partitioning, count: partitions },
  };
}

const partitioning = {
  strategy: 'range',
  key: 'RANGE (id)',
  count: 0,
} as unknown as NonNullable<TableFacts['partitioning']>;

const parent = tableOf('orders', 1000);
const child = tableOf('lines', 5000, 3);
const wide = tableOf('logs', 100_000);

/** Only what the needs are computed from. */
function widened(): ChangeFacts {
  const rest = { indexes: [], numbering: [], takenNames: [] };
  return {
    widenedKey: {
      tables: [
        { facts: child, columns: ['order_id'], ...rest },
        { facts: wide, columns: [], ...rest },
        { facts: parent, columns: ['id'], ...rest },
      ],
      foreignKeys: [],
      views: [],
    },
  };
}

function partitioned(count: number): ChangeFacts {
  const partitions = Array.from({ length: count }, () => ({}));
  return { partitionedTable: { partitions } as unknown as NonNullable<ChangeFacts['partitionedTable']> };
}

describe('what a change needs', () => {
  const widenKey = { kind: 'widen-key', table: parent.name, type: 'bigint' } as const;

  it('on disk is that of all tables that a key is made wider in', () => {
    const { heapBytes, indexBytes, walBytes, freeBytes } = diskNeed(widenKey, parent, widened(), 7);
    assert.equal(heapBytes, 6000 * (30 + 16));
    assert.equal(indexBytes, 6000 * 20);
    assert.equal(walBytes, 6000 * 120 * 3);
    assert.equal(freeBytes, 7);
  });

  it('in locks is that of all tables which are exchanged together', () => {
    assert.equal(locksNeeded(parent, {}), 2);
    assert.equal(locksNeeded(child, {}), 8);
    assert.equal(locksNeeded(parent, widened()), 2 + 8 + 2);
    assert.equal(locksNeeded(parent, partitioned(12)), 2 + 26);
  });

  it('on disk is a whole table more where one is filled beside it', () => {
    const change = {
      kind: 'partition-table',
      table: parent.name,
      partitionBy: 'RANGE (id)',
      partitions: '',
    } as const;
    const { heapBytes, indexBytes } = diskNeed(change, parent, partitioned(2), null);
    assert.deepEqual([heapBytes, indexBytes], [110_000, 20_000]);
  });

  it('on disk is a row beside each row where columns get a table of their own', () => {
    const change: SplitTable = { kind: 'split-table', table: parent.name, columns: ['name'], to: 'names' };
    const { heapBytes, indexBytes, walBytes } = diskNeed(change, parent, {}, null);
    assert.deepEqual([heapBytes, indexBytes], [1000 * (28 + 16 + 14), 0]);
    assert.equal(walBytes, heapBytes * 3);
  });

  it('on disk is nothing where no row is written', () => {
    const change = { kind: 'drop-not-null', table: parent.name, column: 'name' } as const;
    assert.equal(diskNeed(change, parent, {}, null).walBytes, 0);
  });
});
