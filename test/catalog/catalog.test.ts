import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Catalog } from '../../src/catalog/catalog';
import { propertyOf } from '../../src/catalog/catalog';
import { compareCatalogs, gravestKind, type Difference } from '../../src/catalog/compare';
import { followCatalog, type FollowedCatalog } from '../../src/catalog/follow-catalog';
import { readCatalog } from '../../src/catalog/read-catalog';
import { saysTheSame } from '../../src/catalog/routine-text';
import type { Session } from '../../src/database/session';
import { testMajors, testServer, testSession, type TestDatabase } from '../support/servers';
import { baseSchema } from './base-schema';
import { mutationsOf } from './mutations';
import { subscriptionSchema } from './subscription-mutations';

const inWords = ({ object, property, kind }: Difference): string => `${object} | ${property} | ${kind}`;

/** `kind of object | property`, without the names of parts and roles. */
function generalName(object: string, property: string): string {
  const kind =
    /^(materialized view|foreign table|foreign server|foreign data wrapper|event trigger|default privileges|operator class|operator family|access method|text search \w+|user mapping|security labels|\w+)/.exec(
      object,
    )![1]!;
  const general = property
    .replace(/^privileges of (?!the owner)\S+/, 'privileges')
    .replace(/^privileges( of the owner)? [A-Z]+$/, 'privileges')
    .replace(/privilege [A-Z]+ of \S+$/, 'privilege')
    .replace(/^(operator|function) \d+ \(\S+\)/, '$1')
    .replace(/^mapping of \S+/, 'mapping')
    .replace(/^(column|constraint|index|trigger|rule|policy|table|schema) (?!order$)\S+/, '$1');
  return `${kind} | ${general.replace('privileges of the owner', 'privileges')}`;
}

function propertiesOf(catalog: Catalog): string[] {
  return Object.entries(catalog.objects).flatMap(([object, { properties, parts }]) => [
    ...Object.keys(properties).map((property) => generalName(object, property)),
    ...Object.entries(parts).flatMap(([part, values]) =>
      part.startsWith('privileges')
        ? [generalName(object, part)]
        : Object.keys(values).map((property) => generalName(object, `${part} ${property}`)),
    ),
  ]);
}

/** They say only that something is there: their absence is a difference of the whole part. */
const neverChanges = new Set([
  'publication | table published',
  'publication | schema published',
  'table | trigger inherited',
]);

for (const major of testMajors) {
  describe(`the catalog (${major})`, function () {
    this.timeout(60_000);
    let database: TestDatabase;
    let session: Session;
    let base: Catalog;
    let followed: FollowedCatalog;
    const seen = new Set<string>();
    const changedOnce = new Set<string>();

    before(async () => {
      database = await (await testServer({ major })).createDatabase();
      session = await testSession(database);
      await session.script(baseSchema);
      await session.script(subscriptionSchema);
      base = await readCatalog(session);
      followed = await followCatalog(session, null);
    });
    after(async () => {
      await session.script('DROP SUBSCRIPTION listen');
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

    for (const mutation of mutationsOf(major)) {
      it(`sees exactly: ${mutation.sql.replace(/\s+/g, ' ').slice(0, 110)}`, async () => {
        const changed = await session.transaction(
          async () => {
            await session.script(mutation.sql);
            const all = await readCatalog(session);
            const onlyChanged = await followCatalog(session, followed);
            assert.deepEqual(
              onlyChanged.catalog,
              all,
              'what changed alone is read again, and it is the same',
            );
            return all;
          },
          { rollback: true },
        );
        const there = compareCatalogs(base, changed);
        for (const name of [...propertiesOf(base), ...propertiesOf(changed)]) seen.add(name);
        for (const difference of there) changedOnce.add(generalName(difference.object, difference.property));
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

    it('every property of every kind of object was changed by some mutation', () => {
      const missing = [...seen].filter((name) => !changedOnce.has(name) && !neverChanges.has(name));
      assert.ok(seen.size > 100);
      assert.deepEqual(missing.sort(), []);
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
