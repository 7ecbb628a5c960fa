import assert from 'node:assert/strict';
import { migrationChecks, type MigrationChecks } from '../../src/journey/migration-checks';

describe('the fields of a new migration', () => {
  let checks: MigrationChecks;

  before(async () => {
    checks = await migrationChecks();
  });

  const refuses = (check: (text: string) => string | undefined, texts: string[], why: RegExp): void => {
    for (const text of texts) assert.match(check(text) ?? 'taken', why, text);
  };

  it('take a name that PostgreSQL keeps whole', () => {
    for (const name of ['note', 'Full "name"', 'é'.repeat(31)]) assert.equal(checks.name(name), undefined);
    refuses(checks.name, ['', 'é'.repeat(32), 'a\0b'], /^(?!taken)/);
  });

  it('take a type, and not what only begins like one', () => {
    for (const type of ['text', 'numeric(12,2)', 'timestamp with time zone', 'text[]', 'sales."Money"'])
      assert.equal(checks.type(type), undefined, type);
    refuses(checks.type, ['', 'text; drop table x', 'text, 1', 'text -- x'], /is not a type/);
    refuses(checks.type, ['serial', 'BIGSERIAL'], /rewrites the table/);
  });

  it('take a default that reads no column, and a value that may', () => {
    assert.equal(checks.default("'new'"), undefined);
    assert.equal(checks.default('now()'), undefined);
    refuses(checks.default, ['lower(email)'], /cannot read the column email/);
    assert.equal(checks.value('lower(email)'), undefined);
    refuses(checks.value, ['select from', "'open"], /no SQL expression/);
    refuses(checks.value, ['(select 1)'], /subquery/);
  });
});
