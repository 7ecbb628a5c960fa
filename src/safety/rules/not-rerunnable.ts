import { t } from '../../messages/translate';
import { failsAgain } from '../reading/rerun';
import { settingChange } from '../reading/time-setting';
import type { Statement } from '../../sql/statement';
import type { Rule, RuleScript } from '../rule';

export const notRerunnable: Rule = {
  id: 'not-rerunnable',
  title: 'A script that cannot be run again after it failed half-way',
  severity: 'info',
  since: null,
  until: null,
  why: 'Without a transaction, what ran before a failure stays, and the next run meets it. Statements that do not mind, with IF EXISTS or IF NOT EXISTS, let the script simply be run once more.',
  url: 'https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY',
  bad: {
    before: 'create table orders (id int primary key, note text, code text);',
    sql: 'create index concurrently orders_note on orders (note);\ncreate index concurrently orders_code on orders (code);',
    transaction: 'none',
  },
  good: {
    before: 'create table orders (id int primary key, note text, code text);',
    sql: 'drop index concurrently if exists orders_note; create index concurrently orders_note on orders (note); drop index concurrently if exists orders_code; create index concurrently orders_code on orders (code);',
    transaction: 'none',
  },
  check({ statement, script, schema }) {
    // How a file of no layout is run, nobody knows.
    if (script.transaction !== 'none' || script.outside === null) return [];
    const alone = script.statements.filter((each) => isAlone(script, each));
    // The first of them says it for all; one statement leaves nothing behind when it fails.
    if (alone.length < 2 || alone[0] !== statement) return [];
    // What is made by a failed CONCURRENTLY stays; else the last statement either did its work or nothing.
    const last = alone.at(-1)!;
    const again = alone
      .filter((each) => each !== last || /\bconcurrently\b/i.test(each.text))
      .map((each) => ({ each, fails: failsAgain(script, schema, each) }))
      .filter(({ fails }) => fails !== null);
    const first = again[0];
    if (!first) return [];
    const message = t(
      'When this script fails half-way it cannot be run again: line {0} would fail, because {1}. Write IF EXISTS or IF NOT EXISTS, or drop first what is made.',
      first.each.start.line,
      first.fails!.why,
    );
    const edits = again.flatMap(({ fails }) => fails!.edits ?? []);
    const complete = again.every(({ fails }) => fails!.edits !== null);
    const fix = { kind: 'edit' as const, title: t('Let it be run again'), edits, follows: [] };
    return [{ message, fix: complete ? fix : null }];
  },
};

/** Whether what a statement did stays when a later one fails. Settings are gone with the session. */
function isAlone(script: RuleScript, statement: Statement): boolean {
  return (
    (script.blocks[statement.index] ?? null) === null &&
    statement.kind !== 'TransactionStmt' &&
    settingChange(statement) === null
  );
}
