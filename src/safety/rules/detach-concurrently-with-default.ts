import { t } from '../../messages/translate';
import type { Statement } from '../../sql/statement';
import { tokens } from '../../sql/tokens';
import { asKind } from '../../sql/tree';
import type { FixProposal } from '../fix-proposal';
import { relationLabel } from '../forecast/describe-forecast';
import { relationKey } from '../known-schema';
import { defaultPartition } from '../known-neighbours';
import { commandsOf } from '../reading/commands';
import { wordPlace } from '../reading/statement-text';
import type { Rule } from '../rule';

export const detachConcurrentlyWithDefault: Rule = {
  id: 'detach-concurrently-with-default',
  title: 'DETACH CONCURRENTLY beside a default partition',
  severity: 'error',
  on: ['AT_DetachPartition'],
  since: 14,
  until: null,
  why: 'PostgreSQL refuses DETACH PARTITION with CONCURRENTLY where the table has a default partition, and the migration fails there. Without CONCURRENTLY it takes ACCESS EXCLUSIVE on the parent and on the default partition for a moment.',
  url: 'https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DETACH-PARTITION',
  bad: {
    before:
      'create table events (id int, kind int) partition by range (id); create table events_1 partition of events for values from (1) to (1000); create table events_rest partition of events default;',
    sql: 'alter table events detach partition events_1 concurrently;',
    transaction: 'none',
  },
  good: {
    before:
      'create table events (id int, kind int) partition by range (id); create table events_1 partition of events for values from (1) to (1000);',
    sql: 'alter table events detach partition events_1 concurrently;',
    transaction: 'none',
  },
  check(context) {
    const { statement, schema } = context;
    const parent = relationKey(schema, asKind(statement.node, 'AlterTableStmt')?.relation);
    const other = defaultPartition(schema, parent);
    if (!other) return [];
    return commandsOf(context, 'AT_DetachPartition')
      .filter((command) => asKind(command.def, 'PartitionCmd')?.concurrent)
      .map(() => ({
        message: t(
          'This fails: {0} has the default partition {1}, and CONCURRENTLY is refused beside one. Detach without it, with a short lock_timeout.',
          relationLabel(parent),
          relationLabel(other),
        ),
        fix: plainDetach(statement),
      }));
  },
};

/** Without CONCURRENTLY, which stands behind the partition's name. */
function plainDetach({ text, start }: Statement): FixProposal | null {
  const detach = wordPlace(text, 'detach');
  const word = detach && [...tokens(text, detach.end)].at(-1);
  if (!word || !/^concurrently$/i.test(word.text)) return null;
  const blanks = /\s*$/.exec(text.slice(0, word.start))![0].length;
  return {
    kind: 'edit',
    title: t('Detach without CONCURRENTLY'),
    edits: [{ start: start.offset + word.start - blanks, end: start.offset + word.end, newText: '' }],
    follows: [],
  };
}
