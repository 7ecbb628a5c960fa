import { t } from '../../messages/translate';
import type { Forecast } from '../forecast';
import { wholeLines } from '../reading/statement-text';
import { settingChange } from '../reading/time-setting';
import type { Rule, RuleScript } from '../rule';
import type { SqlComment, Statement } from '../../sql/statement';

export const needlesslyOutsideTransaction: Rule = {
  id: 'needlessly-outside-transaction',
  title: 'Without a transaction, and nothing asks for it',
  severity: 'info',
  since: null,
  until: null,
  why: 'What ran before a failure stays where a script has no transaction, and the history does not know of it. Inside one, the script and its row in the history are both there or both not.',
  url: 'https://www.postgresql.org/docs/current/tutorial-transactions.html',
  bad: {
    before: 'create table orders (id int primary key);',
    sql: '-- switchback:no-transaction\nalter table orders add column note text;',
    transaction: 'none',
  },
  good: {
    before: 'create table orders (id int primary key);',
    sql: '-- switchback:no-transaction\ncreate index concurrently orders_again on orders (id);',
    transaction: 'none',
  },
  check({ statement, forecast, script }) {
    // Only at the last statement all forecasts are there.
    if (script.transaction !== 'none' || statement.index !== script.statements.length - 1) return [];
    const marker = markerOf(script);
    const isOne = [...script.earlier, forecast].every((each, index) =>
      fitsIn(each, script.statements[index]!),
    );
    if (!marker || !isOne) return [];
    const place = wholeLines(script.sql, marker.start.offset, marker.end.offset);
    return [
      {
        message: t(
          'Nothing in this file needs to run outside a transaction, and all of it is quick. Remove this line, so that it is done as a whole or not at all.',
        ),
        fix: {
          kind: 'edit',
          title: t('Run it in a transaction'),
          edits: [{ ...place, newText: '' }],
          follows: [],
        },
        place: { start: marker.start, end: marker.end },
      },
    ];
  },
};

/** Long work and changes of rows are better off committed one by one, and so are several strong locks. */
function fitsIn(forecast: Forecast, statement: Statement): boolean {
  if (!forecast.transactional || !['none', 'catalog'].includes(forecast.work)) return false;
  if (/^(Insert|Update|Delete|Merge|Call|Do|Copy|Transaction|Vacuum|Execute)Stmt$/.test(statement.kind))
    return false;
  return settingChange(statement)?.local !== true;
}

function markerOf({ comments, outside, statements }: RuleScript): SqlComment | null {
  if (outside?.by !== 'header') return null;
  const end = statements[0]?.start.offset ?? 0;
  return comments.find((each) => each.text.trim() === outside.marker && each.start.offset < end) ?? null;
}
