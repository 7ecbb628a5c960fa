import assert from 'node:assert/strict';
import MarkdownIt from 'markdown-it';
import fc from 'fast-check';
import { emptyKnownSchema, type KnownSchema } from '../../../src/safety/known-schema';
import { applyToKnownSchema } from '../../../src/safety/known-schema-fold';
import { lintScript } from '../../../src/safety/lint';
import { loadParser, type SqlParser } from '../../../src/sql/parser';
import { hoverText, type HoverFacts } from '../../../src/workbench/forecast/hover-text';
import { escapeMarkdown } from '../../../src/workbench/forecast/markdown';
import { wrappedUp } from '../../safety/wrapped-up';

describe('the hover of a statement', () => {
  let parser: SqlParser;

  before(async () => {
    parser = await loadParser();
  });

  function facts(sql: string, more: Partial<HoverFacts> = {}, schema: KnownSchema | null = null): HoverFacts {
    const { statements, findings } = lintScript(
      parser,
      wrappedUp(sql, { path: '/m/001.sql', transaction: 'none', schema }),
    );
    return {
      forecast: statements[0]!,
      findings,
      rows: null,
      rightVersions: new Map(),
      database: null,
      applied: null,
      file: '/m/001.sql',
      ...more,
    };
  }

  it('teaches the lock: who waits, who goes on, what queues behind it', () => {
    const text = hoverText(facts('create index i on orders (a)'));
    assert.match(text, /^\*\*SHARE on orders\*\* · index build of orders/);
    assert.match(text, /Waits for SHARE: INSERT, UPDATE, DELETE/);
    assert.match(text, /Goes on: SELECT/);
    assert.match(text, /queue behind it/);
    assert.match(text, /Forecast: static/);
  });

  it('says which indexes are locked too, where that holds anybody', () => {
    const schema = emptyKnownSchema();
    const before = 'create table orders (id int primary key, a int); create index orders_a on orders (a)';
    for (const statement of parser.parse(before).statements) applyToKnownSchema(schema, statement);
    const indexes = (sql: string): string | undefined =>
      /Indexes: (.*)/.exec(hoverText(facts(sql, {}, schema)))?.[1];
    assert.match(indexes('alter table orders alter column a type bigint')!, /^ACCESS EXCLUSIVE on 2 indexes/);
    assert.match(indexes('alter table orders drop column a')!, /^ACCESS EXCLUSIVE on orders\\?_a/);
    assert.equal(indexes('select * from orders'), undefined);
    assert.equal(indexes('alter table orders add column b int'), undefined);
  });

  it('says what to write instead: the fix, else an example', () => {
    const fixed = hoverText(facts('create index i on orders (a)'));
    assert.match(fixed, /```sql\ncreate index CONCURRENTLY i on orders \(a\)\n```/);
    const example = hoverText(
      facts('alter table orders rename a to b', { rightVersions: new Map([['rename-column', 'select 1;']]) }),
    );
    assert.match(example, /```sql\nselect 1;\n```/);
  });

  it('says which depth spoke, and how long at how many rows', () => {
    const { forecast } = facts('create index i on orders (a)');
    const deep = {
      ...forecast,
      depth: 'catalog' as const,
      holdMilliseconds: { low: 400, high: 3000 },
    };
    const text = hoverText(
      facts('create index i on orders (a)', { forecast: deep, rows: 200_000, database: 'shop' }),
    );
    assert.match(text, /this database \\\(the catalog of shop\\\)/);
    assert.match(text, /^\*\*SHARE on orders\*\* · index build of orders · 400 ms to 3 s at 200,000 rows\n/);
  });

  it('shows compatibility, data and transaction only where something is to be said', () => {
    assert.doesNotMatch(hoverText(facts('create index i on orders (a)')), /Data|Running code|Transaction/);
    const drop = hoverText(facts('alter table orders drop column a'));
    assert.match(drop, /Running code/);
    assert.match(drop, /Data: what it removes cannot come back/);
    assert.match(hoverText(facts('create index concurrently i on orders (a)')), /Transaction: refuses/);
  });

  it('lets no text of a file become a link, an image, HTML or a command', function () {
    this.timeout(20_000);
    const markdown = new MarkdownIt({ html: true, linkify: true });
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        const html = markdown.renderInline(escapeMarkdown(name));
        assert.doesNotMatch(html, /<(?!br)[a-z/!?]/i);
      }),
    );
    for (const name of [
      '[x](command:evil)',
      '<img src=x>',
      '![x](y)',
      '**b**',
      '`c`',
      'https://a.example',
      '<!-- x',
      '&amp;',
    ])
      assert.doesNotMatch(markdown.renderInline(escapeMarkdown(name)), /<[a-z/!]|<\/?a/i, name);
  });

  it('links to our own commands only, whatever tables are called', () => {
    const name = 'x](command:evil) [y';
    const text = hoverText(facts(`alter table "${name}" drop column a`));
    const links = [...new MarkdownIt().render(text).matchAll(/href="([^"]*)"/g)].map(([, href]) => href!);
    assert.ok(links.length > 0);
    for (const link of links) assert.match(link, /^command:switchback\.(explainRule|forecast)\?/);
  });
});
