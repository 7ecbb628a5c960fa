import assert from 'node:assert/strict';
import fc from 'fast-check';
import { folderProblem } from '../../../src/workbench/new-document/ask-migration-file';
import { dayProblem, titleProblem } from '../../../src/workbench/new-document/fields';

describe('the fields of a new document', () => {
  it('take every day of the calendar, and no other text', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('2000-01-01'), max: new Date('2999-12-31'), noInvalidDate: true }),
        (date) => assert.equal(dayProblem(date.toISOString().slice(0, 10)), undefined),
      ),
    );
    for (const text of [
      '',
      '2026-02-30',
      '2026-2-3',
      '03.04.2026',
      '2026-13-01',
      'tomorrow',
      '2026-03-04T10:00',
    ])
      assert.match(dayProblem(text) ?? '', /year-month-day/, text);
  });

  it('take a title that can name a file', () => {
    for (const title of ['Invoices', '  Invoices 2 ', '発票', 'drop `name`; | <b>'])
      assert.equal(titleProblem(title), undefined);
    for (const title of ['', '   ', '--- |', 'x'.repeat(121)])
      assert.notEqual(titleProblem(title), undefined, title);
  });

  it('take a folder below the workspace only', () => {
    for (const folder of ['migrations', 'db/migrations', ' scripts/x ', 'a..b'])
      assert.equal(folderProblem(folder), undefined);
    for (const folder of ['', '/tmp', '../x', 'a/../../b', 'C:\\x', '\\\\server\\x', 'a\\..\\..\\b'])
      assert.notEqual(folderProblem(folder), undefined, folder);
  });
});
