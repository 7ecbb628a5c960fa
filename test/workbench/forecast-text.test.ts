import assert from 'node:assert/strict';
import { lintScript } from '../../src/safety/lint';
import { loadParser } from '../../src/sql/parser';
import { forecastDocument } from '../../src/workbench/forecast-text';
import { wrappedUp } from '../safety/wrapped-up';

describe('the forecast of a file as text', () => {
  async function written(sql: string): Promise<string[]> {
    const script = lintScript(
      await loadParser(),
      wrappedUp(sql, { path: 'migrations/001.sql', levels: { 'missing-lock-timeout': 'off' } }),
    );
    const file = { ...script, path: 'migrations/001.sql', direction: 'up' as const };
    const { text, lines } = forecastDocument(file, sql, null);
    const all = text.split('\n');
    for (const [index, line] of lines) assert.match(all[line] ?? '', /^-- Lock: /, `statement ${index}`);
    return all;
  }

  it('says lock, work and who is blocked above each statement, and stays SQL', async () => {
    const lines = await written('create index i on orders (a);\nalter table orders rename a to b;\n');
    assert.equal(lines[0], '-- Forecast of migrations/001.sql');
    const first = lines.indexOf('-- Lock: SHARE on orders');
    assert.deepEqual(lines.slice(first + 1, first + 3), [
      '-- Work: index build of orders',
      '-- Blocks: writes, other DDL',
    ]);
    assert.ok(lines.includes('create index i on orders (a);'));
    assert.ok(lines.includes('-- Blocks: reads, writes, other DDL'));
    assert.ok(lines.includes('-- Old application code may fail'));
  });

  it('breaks what was found into lines that fit beside the file, and lets no name end a comment', async () => {
    const lines = await written('alter table "a\nselect 1; --" rename b to c;\n');
    const found = lines.findIndex((line) => line.startsWith('-- error: '));
    assert.ok(found > 0);
    for (const line of lines.slice(0, found + 1)) assert.match(line, /^(--.*)?$/);
    assert.ok(lines.every((line) => line.length <= 90));
    assert.match(lines.slice(found).join(' '), /\(rename-column\)/);
  });
});
