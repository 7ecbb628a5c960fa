import assert from 'node:assert/strict';
import { distances, type Dependencies } from '../../../src/assess/dependencies/dependencies';
import { findDependencies } from '../../../src/assess/dependencies/find-dependencies';
import { loadParser } from '../../../src/sql/parser';
import { testMajors } from '../../support/servers';
import { withSchema } from '../with-schema';

const schema = `
  CREATE SCHEMA shop;
  CREATE TABLE shop.customers (id bigint PRIMARY KEY, name text NOT NULL DEFAULT '', note text,
    CONSTRAINT named CHECK (name <> 'x'), shout text GENERATED ALWAYS AS (upper(name)) STORED);
  CREATE TABLE shop.orders (id bigint PRIMARY KEY, customer bigint CONSTRAINT orders_customer REFERENCES shop.customers (id));
  CREATE INDEX by_name ON shop.customers (lower(name));
  CREATE VIEW shop.shouts AS SELECT shout FROM shop.customers;
  CREATE VIEW shop.names AS SELECT id, name FROM shop.customers;
  CREATE MATERIALIZED VIEW shop.initials AS SELECT left(name, 1) AS initial FROM shop.names;
  CREATE FUNCTION shop.first_name(bigint) RETURNS text LANGUAGE sql STABLE AS 'SELECT name FROM shop.names WHERE id = $1';
  CREATE VIEW shop.labels AS SELECT o.id, shop.first_name(o.customer) AS label FROM shop.orders o;
  CREATE FUNCTION shop.rename(who bigint, new_name text) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
      IF new_name <> '' THEN UPDATE shop.customers SET name = new_name WHERE id = who; END IF;
    END $$;
  CREATE FUNCTION shop.clean() RETURNS void LANGUAGE plpgsql AS $$
    BEGIN PERFORM shop.rename(1, 'y'); END $$;
  CREATE FUNCTION shop.guess(column_name text) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN EXECUTE 'UPDATE shop.customers SET name = ' || quote_literal(column_name); END $$;
  CREATE FUNCTION shop.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.name := trim(NEW.name); RETURN NEW; END $$;
  CREATE TRIGGER touched BEFORE INSERT ON shop.customers FOR EACH ROW EXECUTE FUNCTION shop.touch();
  CREATE FUNCTION shop.counted() RETURNS bigint LANGUAGE sql AS 'SELECT count(id) FROM shop.customers';
  CREATE FUNCTION shop.elsewhere() RETURNS text LANGUAGE plpgsql AS $$
    DECLARE name text; BEGIN SELECT id::text INTO name FROM shop.orders; RETURN name; END $$;
  ALTER TABLE shop.customers ENABLE ROW LEVEL SECURITY;
  CREATE POLICY own ON shop.customers USING (name = current_user);
`;

for (const major of testMajors) {
  describe(`what depends on a table or column, on PostgreSQL ${major}`, function () {
    this.timeout(60_000);
    const signal = new AbortController().signal;
    const session = withSchema(schema, major);

    const find = async (name: string, column: string | null): Promise<Dependencies> =>
      (await findDependencies(
        session(),
        await loadParser(),
        { table: { schema: 'shop', name }, column },
        signal,
      ))!;

    const arrows = ({ uses }: Dependencies): string[] =>
      uses
        .map(
          ({ by, of, writes, certain }) =>
            `${by} ${writes ? 'writes' : 'reads'}${certain ? '' : ' perhaps'} ${of}`,
        )
        .sort();

    it('follows views, routines by their bodies, what uses these, and the rest of the catalog', async () => {
      const found = await find('customers', 'name');
      const subject = 'table column shop.customers.name';
      assert.deepEqual(found.subjects, [subject]);
      assert.deepEqual(
        arrows(found),
        [
          `function shop.clean() reads function shop.rename(bigint,text)`,
          `function shop.first_name(bigint) reads view shop.names`,
          `function shop.guess(text) writes perhaps ${subject}`,
          `function shop.rename(bigint,text) writes ${subject}`,
          `function shop.touch() reads perhaps ${subject}`,
          `index shop.by_name reads ${subject}`,
          `materialized view shop.initials reads view shop.names`,
          `policy own on shop.customers reads ${subject}`,
          `table column shop.customers.shout reads ${subject}`,
          `view shop.shouts reads table column shop.customers.shout`,
          `table constraint named on shop.customers reads ${subject}`,
          `trigger touched on shop.customers reads function shop.touch()`,
          `view shop.labels reads function shop.first_name(bigint)`,
          `view shop.names reads ${subject}`,
        ].sort(),
      );
      const far = distances(found);
      assert.deepEqual(
        ['view shop.names', 'function shop.first_name(bigint)', 'view shop.labels'].map((id) => far.get(id)),
        [1, 2, 3],
      );
    });

    it('follows the whole table, its keys from other tables and routines that take its rows', async () => {
      const ids = (await find('customers', null)).objects.map(({ id }) => id);
      for (const id of [
        'table constraint orders_customer on shop.orders',
        'function shop.counted()',
        'trigger touched on shop.customers',
        'view shop.labels',
      ])
        assert.ok(ids.includes(id), `${id}: ${ids.join(', ')}`);
      assert.ok(!ids.some((id) => id.includes('elsewhere') || id.includes('toast') || id.startsWith('type')));
    });

    it('finds nothing of a column nobody uses, and knows what is not there', async () => {
      assert.deepEqual((await find('customers', 'note')).objects, []);
      assert.equal(
        await findDependencies(
          session(),
          await loadParser(),
          { table: { schema: 'shop', name: 'customers' }, column: 'gone' },
          signal,
        ),
        null,
      );
    });
  });
}
