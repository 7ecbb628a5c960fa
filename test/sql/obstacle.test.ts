import assert from 'node:assert/strict';
import { obstacleToSending } from '../../src/sql/obstacle';
import { loadParser } from '../../src/sql/parser';

describe('sql/obstacle', () => {
  it('says why a text cannot be sent to a server as it stands', async () => {
    const parser = await loadParser();
    const obstacle = (sql: string): string | null => {
      const found = obstacleToSending(parser.parse(sql));
      return found && sql.slice(found.start.offset, found.end.offset);
    };
    assert.equal(obstacle('select 1; select a[1:2] from t'), null);
    assert.equal(obstacle('selec 1'), 'selec');
    assert.equal(obstacle('\\set x 1\nselect 1;'), '\\set x 1');
    assert.equal(obstacle('select 1;\n\\timing\n'), '\\timing');
    assert.equal(obstacle('select 1; drop table ${schema}.t;'), '${schema}');
    assert.equal(obstacle('{{ if .X }}select 1;{{ end }}'), '{{ if .X }}');
    assert.equal(obstacle('create table t (\n\\echo x\n a int)'), '\\echo x');
  });
});
