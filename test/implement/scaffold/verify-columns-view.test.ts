import assert from 'node:assert/strict';
import { columnVariables } from '../../../src/implement/scaffold/views/verify-columns-view';
import { relationsRead } from '../../../src/implement/scaffold/views/relations-read';
import { recipeCases } from '../../recipes/cases';
import { firstOfEachKind } from '../../recipes/first-of-each-kind';
import { plainNames } from '../../recipes/recipe-case';

describe('what verify.sql asks before it reads', () => {
  for (const { build } of firstOfEachKind(recipeCases)) {
    const { change } = build(plainNames);
    it(`is a variable of its own for each column, and no query for none: ${change.kind}`, () => {
      const { parts, sql } = columnVariables(change);
      const { columns, both } = parts[0]!;
      const names = [...columns.map(({ variable }) => variable), both];
      assert.equal(new Set(names).size, names.length, names.join(', '));
      assert.equal(sql === null, columns.length === 0);
      for (const name of columns.length === 0 ? [] : names)
        assert.match(sql!, new RegExp(` as ${name}$|,? as ${name},?$`, 'm'));
    });
  }

  it('is a table that is read by a name with a schema, not one in a string, a comment or of the system', () => {
    const sql = `SELECT 'FROM app.told' -- FROM app.noted
      FROM ONLY app."Or""ders" JOIN App.others ON true, (SELECT FROM pg_catalog.pg_class) AS own JOIN tree ON true`;
    assert.deepEqual(relationsRead(sql), [
      { schema: 'app', name: 'Or"ders' },
      { schema: 'app', name: 'others' },
    ]);
  });
});
