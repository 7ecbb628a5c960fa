import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Catalog } from '../../src/catalog/catalog';
import { propertyOf } from '../../src/catalog/catalog';
import { compareCatalogs, gravestKind, type Difference } from '../../src/catalog/compare';
import { readCatalog } from '../../src/catalog/read-catalog';
import { saysTheSame } from '../../src/catalog/routine-text';
import type { Session } from '../../src/database/session';
import { testMajors, testServer, testSession, type TestDatabase } from '../support/servers';
import { baseSchema, mutations } from './mutations';

const inWords = ({ object, property, kind }: Difference): string => `${object} | ${property} | ${kind}`;

for (const major of testMajors) {
  describe(`the catalog (${major})`, function () {
    this.timeout(60_000);
    let database: TestDatabase;
    let session: Session;
    let base: Catalog;

    before(async () => {
      database = await (await testServer({ major })).createDatabase();
      session = await testSession(database);
      await session.script(baseSchema);
      base = await readCatalog(session);
    });
    after(async () => {
      await session.script(
        'DROP OWNED BY mutation_app, mutation_other; DROP ROLE mutation_app, mutation_other',
      );
      await session.close();
      await database.drop();
    });

    it('is the same text each time, and in a transaction', async () => {
      assert.equal(JSON.stringify(await readCatalog(session)), JSON.stringify(base));
      const inside = await session.transaction(() => readCatalog(session), { rollback: true });
      assert.deepEqual(inside, base);
      assert.deepEqual(compareCatalogs(base, inside), []);
    });

    it('holds no object of an extension or of the system', () => {
      const strangers = Object.keys(base.objects).filter(
        (object) => /citext|pg_catalog|information_schema/.test(object) && !object.startsWith('extension'),
      );
      assert.deepEqual(strangers, []);
      assert.equal(propertyOf(base, 'table app.users', 'type', 'column name'), 'character varying(50)');
      assert.equal(propertyOf(base, 'table app.users', 'nothing'), null);
    });

    for (const mutation of mutations.filter(({ since }) => (since ?? 0) <= major)) {
      it(`sees exactly: ${mutation.sql.replace(/\s+/g, ' ').slice(0, 110)}`, async () => {
        const changed = await session.transaction(
          async () => {
            await session.script(mutation.sql);
            return await readCatalog(session);
          },
          { rollback: true },
        );
        const there = compareCatalogs(base, changed);
        assert.deepEqual(
          there.map(inWords).sort(),
          [...mutation.expect].sort(),
          JSON.stringify(there, null, 1),
        );
        const back = compareCatalogs(changed, base);
        assert.deepEqual(
          back.map(({ before, after, ...rest }) => ({ ...rest, before: after, after: before })),
          there,
          'the way back is the same, turned round',
        );
      });
    }

    it('every kind of object of the base schema is changed by some mutation', () => {
      const known = new Set(
        mutations.flatMap(({ expect }) => expect.map((line) => line.split(' | ')[0]!.split(' ')[0]!)),
      );
      const kinds = new Set(Object.keys(base.objects).map((object) => object.split(' ')[0]!));
      assert.deepEqual(
        [...kinds].filter((kind) => !known.has(kind)),
        [],
      );
    });
  });
}

describe('comparing catalogs', () => {
  const catalog = (objects: Catalog['objects']): Catalog => ({ major: 18, objects });
  const names = fc.constantFrom('a', 'b', 'c');
  const properties = fc.dictionary(names, fc.constantFrom('1', '2'));
  const catalogs = fc
    .dictionary(
      names,
      fc.record({ properties, parts: fc.dictionary(names, properties), columnOrder: fc.uniqueArray(names) }),
    )
    .map(catalog);

  it('finds nothing between equals and the same both ways', () => {
    fc.assert(
      fc.property(catalogs, catalogs, (one, other) => {
        assert.deepEqual(compareCatalogs(one, one), []);
        const there = compareCatalogs(one, other);
        const back = compareCatalogs(other, one).map(({ before, after, ...rest }) => ({
          ...rest,
          before: after,
          after: before,
        }));
        assert.deepEqual(back, there);
      }),
    );
  });

  it('leaves roles and named objects out when asked', () => {
    const one = catalog({
      'table a': {
        properties: { owner: 'x' },
        parts: { 'privileges of y': { SELECT: 'granted' } },
        columnOrder: [],
      },
    });
    const other = catalog({
      'table a': {
        properties: { owner: 'z' },
        parts: { 'column b': { type: 'text', 'not null': 'yes' } },
        columnOrder: ['b'],
      },
      'table log': { properties: {}, parts: {}, columnOrder: [] },
    });
    assert.deepEqual(compareCatalogs(one, other, { withoutRoles: true, ignoredObjects: ['table log'] }), [
      { object: 'table a', property: 'column b', before: null, after: 'text, not null', kind: 'structure' },
    ]);
    assert.equal(gravestKind(compareCatalogs(one, other)), 'structure');
    assert.equal(gravestKind([]), null);
  });

  it('tells words from their looks', () => {
    assert.ok(saysTheSame('BEGIN  RETURN 1; END', 'begin return 1 ;\n end -- done', 'plpgsql'));
    assert.ok(!saysTheSame("SELECT 'A  b'", "SELECT 'A b'", 'sql'));
    assert.ok(!saysTheSame("SELECT 'A'", "SELECT 'a'", 'sql'));
    assert.ok(!saysTheSame('SELECT "A"', 'SELECT "a"', 'sql'));
    assert.ok(!saysTheSame('if x:\n  y', 'if x: y', 'plpython3u'));
  });
});
