import assert from 'node:assert/strict';
import MarkdownIt from 'markdown-it';
import type { MeasuredFile } from '../../../src/journey/measure';
import type { Disagreement, MeasuredStatement } from '../../../src/rehearse/measure/measured-forecast';
import { lintScript } from '../../../src/safety/lint';
import { loadParser, type SqlParser } from '../../../src/sql/parser';
import { measuredPage, measuredReport } from '../../../src/workbench/forecast/measured-page';
import { wrappedUp } from '../../safety/wrapped-up';

describe('the page of a measurement', () => {
  let parser: SqlParser;

  before(async () => {
    parser = await loadParser();
  });

  const shadow = { kind: 'local', engine: 'postgres', version: '18.4', major: 18 } as const;
  const rewrite: Disagreement = {
    what: 'work',
    relation: 'public.orders',
    predicted: 'catalog',
    measured: 'rewrite',
  };

  function measured(sql: string, more: Partial<MeasuredStatement> = {}): MeasuredFile {
    const { statements } = lintScript(parser, wrappedUp(sql, { path: '/m/001.sql' }));
    return {
      path: '/m/001.sql',
      problem: null,
      shadow,
      notes: [],
      statements: statements.map((predicted) => ({
        predicted,
        measured: { ...predicted, depth: 'measured' },
        indexLocks: [],
        disagreements: [],
        milliseconds: 3,
        error: null,
        notes: [],
        ...more,
      })),
    };
  }

  const rendered = (markdown: string): string => new MarkdownIt({ html: true }).render(markdown);
  const cells = (markdown: string): string[] =>
    [...rendered(markdown).matchAll(/<td>(.*?)<\/td>/g)].map((match) => match[1]!);

  it('shows forecast and measurement of each statement side by side, and where it was measured', () => {
    const sql = 'create index i on orders (a);\nalter table orders add b int;';
    const page = measuredPage(measured(sql), '001.sql', sql);
    assert.match(rendered(page), /shadow database \(PostgreSQL 18\.4, local\)/);
    assert.deepEqual(cells(page), [
      ...['1', 'create index i on orders (a)', 'SHARE on orders · index build'],
      ...['SHARE on orders · index build', '3 ms', 'agrees'],
      ...['2', 'alter table orders add b int', 'ACCESS EXCLUSIVE on orders'],
      ...['ACCESS EXCLUSIVE on orders', '3 ms', 'agrees'],
    ]);
    assert.doesNotMatch(page, /differ/);
    assert.equal(measuredReport(measured(sql), sql), '');
  });

  it('says where they differ, what to trust, and what to paste into a report', () => {
    const sql =
      "alter table orders add b text default 'a private matter', add c text default e'it\\'s private too';";
    const file = measured(sql, { disagreements: [rewrite] });
    const page = measuredPage(file, '001.sql', sql);
    assert.equal(cells(page).at(-1), 'differs');
    assert.match(rendered(page), /<h2>Where forecast and server differ<\/h2>/);
    assert.match(rendered(page), /Trust the measurement\./);
    assert.match(
      rendered(page),
      /<li>The work on orders was forecast as catalog and measured as rewrite\.<\/li>/,
    );
    const report = measuredReport(file, sql);
    assert.match(
      report,
      /^Forecast and measurement differ \(PostgreSQL 18\.4, postgres, local shadow database\)/,
    );
    assert.match(report, /- work on public\.orders: forecast catalog, measured rewrite/);
    assert.doesNotMatch(report, /private/);
    const shown = page.slice(page.indexOf('Where forecast and server differ'));
    assert.doesNotMatch(shown, /private/);
    assert.ok(page.includes(report), 'the page shows exactly what is copied');
  });

  it('says of a statement that was not measured why', () => {
    const sql = 'create index i on orders (a);';
    const page = measuredPage(
      measured(sql, { measured: null, milliseconds: null, error: 'relation "orders" does not exist' }),
      '001.sql',
      sql,
    );
    assert.deepEqual(cells(page).slice(3), [
      'relation &quot;orders&quot; does not exist',
      '',
      'not measured',
    ]);
    const nothing = {
      ...measured(sql),
      statements: [],
      problem: 'Migration 3 fails in the shadow database.',
    };
    assert.match(
      rendered(measuredPage(nothing, '001.sql', sql)),
      /Migration 3 fails in the shadow database\./,
    );
  });

  it('shows what files hold as text: no link, no markup, no further cells', () => {
    const name = '](command:x) `$(zap)` <img src=x onerror=alert(1)> | a | b **c**';
    const sql = `create index i on "${name}" (a);`;
    const file = measured(sql, {
      disagreements: [{ ...rewrite, relation: `public.${name}` }],
      notes: ['```\n[x](command:y)'],
    });
    const page = measuredPage(file, `${name}.sql`, sql);
    const html = rendered(page);
    assert.doesNotMatch(html, /<(a|img|strong|em|code)\b(?! class="language-text")/);
    assert.equal(cells(page).length, 6);
  });
});
