import assert from 'node:assert/strict';
import type { FolderStatus } from '../../src/journey/migrations';
import { testMajors } from '../support/servers';
import { openTerminal, type Terminal } from './terminal';

const one = 'changes/one.sql';
const files = {
  'changelog.yaml':
    'databaseChangeLog:\n  - include: { file: changes/one.sql }\n  - include: { file: changes/two.sql }\n',
  [one]: `--liquibase formatted sql

--changeset ann:items
create table items (id bigint primary key, label text);
--rollback drop table items;

--changeset bob:prices
alter table items add column price int not null default 0;
--rollback alter table items drop column price;

--changeset bob:index runInTransaction:false
create index concurrently items_label on items (label);
--rollback drop index items_label;
`,
  'changes/two.sql': `--liquibase formatted sql

--changeset bob:more
create index items_price on items (price);
--rollback drop index items_price;
`,
};

/** Several migrations in one file: Liquibase's changesets. */
describe('a file of several migrations in the terminal', function () {
  this.timeout(120_000);
  let terminal: Terminal;

  before(async () => {
    terminal = await openTerminal(testMajors.at(-1)!, files);
  });
  after(() => terminal?.close());

  const states = async (): Promise<string[]> => {
    const { folders } = (await terminal.run('status', '--format', 'json')).json<{
      folders: FolderStatus[];
    }>();
    return folders.flatMap(({ statuses }) =>
      statuses.map(({ name, state, flags }) => [name, state, ...flags].join(' ')),
    );
  };

  it('is judged as a whole, each with what comes before it', async () => {
    const answer = await terminal.run('lint', 'changes', '--format', 'json');
    const judged = answer.json<{
      files: {
        path: string;
        statements: { index: number; direction: string; start: { line: number } }[];
        transactions: (number | null)[];
        findings: { rule: string; statement: number | null; start: { line: number } }[];
      }[];
    }>().files;
    assert.equal(judged.length, 2);
    assert.deepEqual(
      judged[0]!.statements.map(({ index, direction, start }) => [index, direction, start.line]),
      [
        [0, 'up', 4],
        [1, 'down', 5],
        [2, 'up', 8],
        [3, 'down', 9],
        [4, 'up', 12],
        [5, 'down', 13],
      ],
    );
    const rules = judged.map(({ findings }) => findings.map(({ rule, start }) => `${rule} ${start.line}`));
    assert.ok(!rules[0]!.some((rule) => rule.startsWith('index-not-concurrent 12')), String(rules[0]));
    assert.ok(rules[1]!.includes('index-not-concurrent 4'), String(rules[1]));
  });

  it('is measured in the shadow, the ways there one after the other', async () => {
    const answer = await terminal.run('lint', one, '--shadow', 'local', '--format', 'json');
    const { files: judged } = answer.json<{
      files: { statements: { direction: string; depth: string; start: { line: number } }[] }[];
    }>();
    assert.deepEqual(
      judged[0]!.statements.map(({ direction, depth, start }) => `${direction} ${start.line} ${depth}`),
      [
        'up 4 measured',
        'down 5 catalog',
        'up 8 measured',
        'down 9 catalog',
        'up 12 measured',
        'down 13 catalog',
      ],
    );
  });

  it('names each by path, id and author, and asks for one where one is meant', async () => {
    assert.deepEqual(await states(), ['items pending', 'prices pending', 'index pending', 'more pending']);
    const answer = await terminal.run('dry-run', one);
    assert.equal(answer.exitCode, 2);
    assert.match(answer.told.join('\n'), /holds several migrations.*changes\/one\.sql::prices::bob/);
    await terminal.succeed('apply', `${one}::items::ann`);
    assert.deepEqual(await states(), ['items applied', 'prices pending', 'index pending', 'more pending']);
  });

  it('goes up in order, and back from its end', async () => {
    const { migrations } = (await terminal.succeed('apply', one, '--format', 'json')).json<{
      migrations: { version: string }[];
    }>();
    assert.deepEqual(
      migrations.map(({ version }) => version),
      ['changes/one.sql::prices::bob', 'changes/one.sql::index::bob'],
    );
    await terminal.succeed('apply', 'changes/two.sql', '--to-here');
    assert.deepEqual(await states(), ['items applied', 'prices applied', 'index applied', 'more applied']);
    await terminal.succeed('rollback', 'changes/two.sql');
    await terminal.succeed('rollback', `${one}::index::bob`);
    assert.deepEqual(await states(), ['items applied', 'prices applied', 'index pending', 'more pending']);
    await terminal.succeed('apply', one);
    await terminal.succeed('rollback', `${one}::items::ann`, '--to-here', '--yes', 'roll-back');
    assert.deepEqual(await states(), ['items applied', 'prices pending', 'index pending', 'more pending']);
    await terminal.succeed('apply', one, '--to-here');
    await terminal.succeed('rollback', one);
    assert.deepEqual(await states(), ['items pending', 'prices pending', 'index pending', 'more pending']);
    const { rows } = await terminal.session.query('select * from databasechangelog');
    assert.deepEqual(rows, []);
  });

  it('is rehearsed, all of it', async () => {
    const answer = await terminal.run('rehearse', one, '--format', 'json');
    const { migrations } = answer.json<{ migrations: { version: string; verdict: string }[] }>();
    assert.deepEqual(
      migrations.map(({ version, verdict }) => `${version} ${verdict}`),
      ['items::ann', 'prices::bob', 'index::bob'].map((key) => `${one}::${key} exact`),
    );
  });
});
