import assert from 'node:assert/strict';
import { parseConnectionUrl } from '../../src/database/connection-url';
import { connectionView } from '../../src/workbench/wizard/connection-view';
import type { Database } from '../../src/journey/database';

function database(name: string, engine: 'postgres' | 'pglite' = 'postgres'): Database {
  const { connection } = parseConnectionUrl('postgresql://app@db.example:5433/shop');
  return {
    connection: { ...connection, name },
    session: { facts: { engine, version: '18.1' } },
    sessions: { label: 'shop on db.example:5433' },
  } as unknown as Database;
}

describe('the connection in the head of the page', () => {
  it('names the database once when the connection is called the same', () => {
    const view = connectionView(database('shop'));
    assert.equal(`${view.name} ${view.label}`.trim(), 'shop on db.example:5433');
  });

  it('names both when they differ', () => {
    const view = connectionView(database('reporting'));
    assert.deepEqual([view.name, view.label], ['reporting', 'shop on db.example:5433']);
  });

  it('names the embedded database once', () => {
    const view = connectionView(database('Embedded Database', 'pglite'));
    assert.deepEqual([view.name, view.label, view.engine], ['Embedded Database', '', 'PGlite 18.1']);
  });
});
