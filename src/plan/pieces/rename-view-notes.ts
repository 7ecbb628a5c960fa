import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import type { BothNames } from './rename-view';

/** What a rename by a view costs while the view stands, tried on PostgreSQL 12 and 18. */
export function renameViewNotes({ change, table, base, facts, serverMajor }: BothNames): string[] {
  const view = formatQualifiedName(table.name);
  const [from, to] = [formatIdentifier(change.from), formatIdentifier(change.to)];
  const merges = serverMajor >= 15 && serverMajor < 17 ? 'MERGE, ' : '';
  const refused = `TRUNCATE, COPY, ${merges}ON CONFLICT ON CONSTRAINT, WHERE CURRENT OF, TABLESAMPLE`;
  const relation = formatQualifiedName(base);
  return [
    t(
      'While the view stands, code reads and writes {0} as before under both names (INSERT with defaults, ON CONFLICT (columns), UPDATE, DELETE, RETURNING, FOR UPDATE, LOCK). These fail there: {1}; the columns ctid, xmin and tableoid; GROUP BY of the primary key alone; new foreign keys, indexes, triggers and columns; pg_get_serial_sequence gives NULL. Code that does any of it has to use {2} meanwhile; where that is too much, rename with a copy.',
      view,
      refused,
      relation,
    ),
    t(
      'A statement that gives both {0} and {1} a value fails, as they are one column: "multiple assignments to same column". So does what writes back all columns it has read; let it write only those it knows.',
      from,
      to,
    ),
    t(
      'SELECT * has the column twice while the view stands, {0} in its place and {1} as the last one. A session that has prepared a SELECT * is told once, after expand and after contract, that the cached plan must not change its result type.',
      from,
      to,
    ),
    t(
      'The view keeps the planner from nothing: it is folded into each query. Indexes, constraints, foreign keys to the table, statistics and sequences stay as they are.',
    ),
    ...(table.partitioning === null
      ? []
      : [
          t(
            'Partitions have the new name at once. Code that names a partition itself has to use {0} from expand on.',
            to,
          ),
        ]),
    ...(table.triggers.length === 0
      ? []
      : [
          t(
            'Triggers see {0} in TG_TABLE_NAME while the view stands. See whether one of these uses it: {1}.',
            formatIdentifier(base.name),
            table.triggers.map(({ name }) => formatIdentifier(name)).join(', '),
          ),
        ]),
    ...(facts.routines.length === 0
      ? []
      : [
          t(
            'These routines name {0} in their text and go on through the view; where they use {1}, they need the new name before contract: {2}.',
            view,
            from,
            facts.routines.join(', '),
          ),
        ]),
  ];
}
