import assert from 'node:assert/strict';
import { dryRunPlace } from '../../src/implement/dry-run';
import { statementsOf } from '../../src/implement/outside-transaction';
import { isSwitchbackError } from '../../src/messages/error';
import { loadParser } from '../../src/sql/parser';

describe('text that is sent to a server', () => {
  for (const sql of [
    'create table ${name} (a int);',
    '\\set name t\ncreate table :name (a int);\nalter table :"name" add column b text default :\'name\';',
    '\\connect other\ndrop table t;',
    'select 1 \\gexec',
    '{{ if .Big }}drop table t;{{ end }}',
    'alter table {{ .Name }} add column a int;',
    'copy t from stdin;\n1\n\\.\n',
    'do $$ begin drop table ${name}; end $$; drop table ${name};',
  ]) {
    it(`is not sent before a tool has filled it in: ${sql.split('\n')[0]}`, async () => {
      const parser = await loadParser();
      assert.throws(
        () => statementsOf(parser, sql),
        (error: unknown) => isSwitchbackError(error, 'syntax-error'),
      );
    });
  }

  for (const sql of [
    "copy t from program 'x'",
    'alter role a login',
    'alter database shop set work_mem = 1',
    "do $$ begin execute 'drop table ' || current_user; end $$",
    "select dblink_exec('host=x', 'drop table t')",
    'select pg_terminate_backend(1)',
  ]) {
    it(`is never tried on the connected database: ${sql}`, async () => {
      const parser = await loadParser();
      for (const work of ['none', 'catalog'] as const)
        assert.equal(dryRunPlace({ kind: 'sql', sql, work }, 'development', parser), 'shadow');
    });
  }
});
