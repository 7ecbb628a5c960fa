import { t } from '../../messages/translate';
import { relationLabel } from '../forecast/describe-forecast';
import type { FixProposal } from '../fix-proposal';
import { tokens } from '../../sql/tokens';
import type { Statement } from '../../sql/statement';
import type { Rule } from '../rule';

export const vacuumFull: Rule = {
  id: 'vacuum-full',
  title: 'VACUUM FULL',
  severity: 'error',
  on: ['VacuumStmt'],
  since: null,
  until: null,
  why: 'VACUUM FULL writes the table and its indexes anew while nobody can read or write it, and needs the disk space twice. A plain VACUUM makes the space usable again without blocking anybody.',
  url: 'https://www.postgresql.org/docs/current/sql-vacuum.html',
  bad: {
    before: 'create table orders (id int primary key);',
    sql: 'vacuum full orders;',
    transaction: 'none',
  },
  good: { before: 'create table orders (id int primary key);', sql: 'vacuum orders;', transaction: 'none' },
  check({ statement, forecast }) {
    if (statement.kind !== 'VacuumStmt' || forecast.work !== 'rewrite') return [];
    const message = t(
      'VACUUM FULL writes all of {0} anew while nobody can read or write it. Use a plain VACUUM, or pg_repack where the space must go back to the disk.',
      forecast.workOn.map(relationLabel).join(', '),
    );
    return [{ message, fix: plainVacuum(statement) }];
  },
};

/** FULL taken out, where it is a word of its own and not an option in brackets. */
function plainVacuum(statement: Statement): FixProposal | null {
  const [, full] = tokens(statement.text);
  if (!full || !/^full$/i.test(full.text)) return null;
  const start = statement.start.offset + full.start;
  const blanks = /^\s*/.exec(statement.text.slice(full.end))![0].length;
  return {
    kind: 'edit',
    title: t('Run a plain VACUUM'),
    edits: [{ start, end: statement.start.offset + full.end + blanks, newText: '' }],
    follows: [],
  };
}
