import assert from 'node:assert/strict';
import { loadParser, type SqlParser } from '../../src/sql/parser';
import { renameColumnReferences, type RenameContext } from '../../src/sql/rename-column';

const columns: Record<string, string[]> = {
  customers: ['id', 'name', 'city'],
  orders: ['id', 'customer_id', 'note'],
  products: ['id', 'name'],
  contacts: ['id', 'full_name'],
};

describe('sql/rename-column', () => {
  let parser: SqlParser;
  before(async () => {
    parser = await loadParser();
  });

  const rename = (sql: string, extra: Partial<RenameContext> = {}, to = 'full_name') =>
    renameColumnReferences(
      parser,
      sql,
      { table: { schema: 'public', name: 'customers' }, from: 'name', to },
      {
        kind: 'query',
        keepOutputNames: true,
        searchPath: ['public'],
        columnsOf: ({ schema, name }) => (schema === 'public' ? (columns[name] ?? null) : null),
        ...extra,
      },
    );

  const becomes = (before: string, after: string, extra: Partial<RenameContext> = {}, to?: string): void => {
    const result = rename(before, extra, to);
    assert.deepEqual(result.ambiguous, [], before);
    assert.equal(result.sql, after);
    assert.equal(parser.parse(after).problems.length, 0);
    assert.equal(result.renamed > 0, before !== after);
  };

  it('renames by alias, by table name and unqualified, and keeps the output name', () => {
    becomes(
      ' SELECT id,\n    name\n   FROM customers;',
      ' SELECT id,\n    full_name AS name\n   FROM customers;',
    );
    becomes('select c.name from customers c', 'select c.full_name AS name from customers c');
    becomes('select customers.name from customers', 'select customers.full_name AS name from customers');
    becomes(
      'select public.customers.name from public.customers',
      'select public.customers.full_name AS name from public.customers',
    );
    becomes(
      'select name as n from customers where name > $1',
      'select full_name as n from customers where full_name > $1',
    );
    becomes('select upper(name) from customers', 'select upper(full_name) from customers');
    becomes('select "name" /* é🎉 */ from customers', 'select full_name AS name /* é🎉 */ from customers');
  });

  it('quotes the new name where needed', () => {
    becomes(
      'select c . "name" as n from customers c',
      'select c . "Full Name" as n from customers c',
      {},
      'Full Name',
    );
    becomes('select c.name as n from customers c', 'select c."order" as n from customers c', {}, 'order');
  });

  it('keeps output names that come through casts, collations and subscripts', () => {
    becomes(
      'select name::character varying(10), id from customers',
      'select full_name::character varying(10) AS name, id from customers',
    );
    becomes(
      'select cast(name as text) from customers',
      'select cast(full_name as text) AS name from customers',
    );
    becomes('select name collate "C" from customers', 'select full_name collate "C" AS name from customers');
    becomes('select name[1] from customers', 'select full_name[1] AS name from customers');
    becomes('select (name).a from customers', 'select (full_name).a from customers');
  });

  it('does not keep output names when told so', () => {
    becomes(
      'select name from customers order by name',
      'select full_name from customers order by customers.full_name',
      { keepOutputNames: false },
    );
  });

  it('leaves the same name of other tables alone', () => {
    becomes(
      'select p.name, c.name from products p, customers c',
      'select p.name, c.full_name AS name from products p, customers c',
    );
    becomes('select name from products', 'select name from products');
    becomes('select name from other.customers', 'select name from other.customers', {
      searchPath: ['public'],
    });
    becomes('select customers.name from products customers', 'select customers.name from products customers');
  });

  it('follows subqueries, WITH queries and LATERAL', () => {
    becomes(
      'select s.name from (select name from customers) s',
      'select s.name from (select full_name AS name from customers) s',
    );
    becomes(
      'with a as (select name from customers), customers as (select name from a) select customers.name from customers',
      'with a as (select full_name AS name from customers), customers as (select name from a) select customers.name from customers',
    );
    becomes(
      'with recursive r as (select id, name from customers union all select r.id, r.name from r) select name from r',
      'with recursive r as (select id, full_name AS name from customers union all select r.id, r.name from r) select name from r',
    );
    becomes(
      'select o.id from orders o where exists (select 1 from customers c where c.id = o.customer_id and name = o.note)',
      'select o.id from orders o where exists (select 1 from customers c where c.id = o.customer_id and full_name = o.note)',
    );
    becomes(
      'select x.n from customers c, lateral (select c.name as n) x',
      'select x.n from customers c, lateral (select c.full_name as n) x',
    );
    becomes(
      'select id from customers where (select note from orders where note = name) is null',
      'select id from customers where (select note from orders where note = full_name) is null',
    );
    becomes(
      "select p.id from products p where p.id in (select id from products where name = 'x')",
      "select p.id from products p where p.id in (select id from products where name = 'x')",
    );
    becomes(
      'select t.name from customers c, json_to_record(c.name) t(name text)',
      'select t.name from customers c, json_to_record(c.full_name) t(name text)',
    );
  });

  it('qualifies where the new name would be ambiguous', () => {
    becomes(
      'select name from customers join contacts using (id)',
      'select customers.full_name AS name from customers join contacts using (id)',
    );
    becomes(
      'select name from customers c, unknown_table u',
      'select c.full_name AS name from customers c, unknown_table u',
    );
  });

  it('knows what ORDER BY and GROUP BY mean', () => {
    becomes(
      'select name from customers order by name',
      'select full_name AS name from customers order by name',
    );
    becomes(
      'select id from customers order by name desc',
      'select id from customers order by customers.full_name desc',
    );
    becomes(
      'select lower(name) as name from customers order by name',
      'select lower(full_name) as name from customers order by name',
    );
    becomes(
      'select name, count(*) from customers group by name',
      'select full_name AS name, count(*) from customers group by full_name',
    );
    becomes(
      'select upper(note) as name from orders group by name',
      'select upper(note) as name from orders group by name',
    );
    becomes(
      'select distinct on (name) id from customers',
      'select distinct on (customers.full_name) id from customers',
    );
    becomes(
      'select rank() over (partition by name order by name) from customers',
      'select rank() over (partition by full_name order by full_name) from customers',
    );
    becomes(
      'select name from customers union select name from products order by name',
      'select full_name AS name from customers union select name from products order by name',
    );
  });

  it('renames joins, conditions and aggregates', () => {
    becomes(
      "SELECT o.id, c.name, count(*) FILTER (WHERE (c.name = 'x'::text)) AS n FROM (orders o JOIN customers c ON ((c.id = o.customer_id))) GROUP BY o.id, c.name HAVING max(c.name) > 'a'",
      "SELECT o.id, c.full_name AS name, count(*) FILTER (WHERE (c.full_name = 'x'::text)) AS n FROM (orders o JOIN customers c ON ((c.id = o.customer_id))) GROUP BY o.id, c.full_name HAVING max(c.full_name) > 'a'",
    );
    becomes(
      'select case when name is null then 1 end from customers tablesample system (10)',
      'select case when full_name is null then 1 end from customers tablesample system (10)',
    );
  });

  it('reads a column list of the table', () => {
    becomes('select x.b, x.city from customers x(a, b)', 'select x.b, x.city from customers x(a, b)');
    becomes('select x.name from customers x(a)', 'select x.full_name AS name from customers x(a)');
  });

  it('renames statements of routines', () => {
    becomes(
      "update customers set name = upper(name) where name = 'x'",
      "update customers set full_name = upper(full_name) where full_name = 'x'",
    );
    becomes(
      'insert into customers (id, name) select id, name from products',
      'insert into customers (id, full_name) select id, name from products',
    );
    becomes(
      "insert into customers as c (id, name) values (1, 'x') on conflict (id) do update set name = excluded.name returning name",
      "insert into customers as c (id, full_name) values (1, 'x') on conflict (id) do update set full_name = excluded.full_name returning full_name AS name",
    );
    becomes(
      'delete from customers using products p where p.name = customers.name',
      'delete from customers using products p where p.name = customers.full_name',
    );
    becomes(
      'insert into products (id, name) select id, name from customers',
      'insert into products (id, name) select id, full_name AS name from customers',
    );
    becomes('select new.name = old.name', 'select new.full_name = old.full_name', {
      rowVariables: ['new', 'old'],
    });
    becomes(
      'select c.name from customers c where c.id = id_',
      'select c.full_name AS name from customers c where c.id = id_',
      { variables: ['name', 'id_'] },
    );
  });

  it('renames expressions over the table', () => {
    const expression = { kind: 'expression' as const };
    assert.equal(
      rename('((name)::text = CURRENT_USER)', expression).sql,
      '((full_name)::text = CURRENT_USER)',
    );
    assert.equal(
      rename('(EXISTS ( SELECT 1 FROM products p WHERE (p.name = customers.name)))', expression).sql,
      '(EXISTS ( SELECT 1 FROM products p WHERE (p.name = customers.full_name)))',
    );
    assert.equal(rename('(EXISTS ( SELECT 1 FROM products WHERE name = city))', expression).renamed, 0);
  });

  it('reports what it cannot decide, and guesses nothing', () => {
    for (const sql of [
      'select * from customers',
      'select c.* from customers c',
      'select c from customers c',
      'select to_jsonb(c) from customers c',
      'select id from customers join products using (name)',
      'select 1 from customers natural join orders',
      'select (select name from mystery) from customers',
      'select j.name from (customers join orders on true) as j',
      'select z.name from customers',
      'insert into customers (name) values (1) on conflict (name) do nothing',
      'select name from customers a, customers b',
    ]) {
      assert.ok(rename(sql).ambiguous.length > 0, sql);
    }
    assert.ok(rename('select name from customers', { variables: ['name'] }).ambiguous.length > 0);
    assert.ok(rename('select x.b from customers x(a, b)', { columnsOf: () => null }).ambiguous.length > 0);
  });

  it('throws for a text that is not one statement', () => {
    assert.throws(() => rename('selec'), { code: 'syntax-error' });
    assert.throws(() => rename('select 1; select 2'), { code: 'syntax-error' });
    assert.throws(() => rename('true; drop table customers', { kind: 'expression' }), {
      code: 'syntax-error',
    });
  });
});
