import * as v from 'valibot';
import type { IndexFacts, TableFacts } from '../../catalog/table-facts';
import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import type { ChangeFindings } from '../change-facts';
import type { Answers, ChangeType, Look } from './change-type';
import { storedName } from './stored-name';

const stored = v.object({
  kind: v.literal('set-replica-identity'),
  table: storedName,
  /** `index`: the one that `index` names. */
  identity: v.picklist(['default', 'full', 'nothing', 'index']),
  index: v.nullable(v.string()),
});

/** What logical replication names the old row by, where a row is updated or deleted. */
export type SetReplicaIdentity = v.InferOutput<typeof stored>;

export const setReplicaIdentity = {
  kind: 'set-replica-identity',
  group: 'tables',
  title: () => t('Set the replica identity'),
  description: () => t('By what subscribers find the row that an UPDATE or DELETE means.'),
  stored,
  fields: () => [
    {
      id: 'replica-identity',
      asks: 'text',
      label: t('Identity'),
      question: () => t('default (the primary key), full (the whole row), or nothing'),
      placeholder: 'full',
      hint: t('Leave it empty to choose a unique index.'),
      optional: true,
    },
    {
      id: 'index',
      asks: 'index',
      label: t('Index'),
      question: () => t('Which unique index?'),
      optional: true,
      when: (before) => (before['replica-identity'] ?? '').trim() === '',
    },
  ],
  usage: '--replica-identity default|full|nothing | --index INDEX',
  read,
  answers: ({ identity, index }): Record<string, string> =>
    identity === 'index' ? { index: index ?? '' } : { 'replica-identity': identity },
  planChoices: [],
  describe: (change) =>
    t('Set the replica identity of {0} to {1}', formatQualifiedName(change.table), identityWords(change)),
  words: ({ table, identity }) => `replica identity of ${table.name} ${identity}`,
  columns: () => [],
  concernsTable: true,
  law: () => null,
  look,
  check,
  migrationType: () => ({
    id: 'schema-additive',
    why: t('Only what is written to the log of an UPDATE or DELETE changes; no row and no code has to.'),
  }),
  rewritesRows: () => false,
  states: (change, table) => ({
    before: [
      t('The replica identity of {0} is {1}.', formatQualifiedName(table.name), table.replicaIdentity),
    ],
    after: [
      t('The replica identity of {0} is {1}.', formatQualifiedName(table.name), identityWords(change)),
      t('Changes from then on are logged that way; the rows stay as they are.'),
    ],
  }),
} satisfies ChangeType<SetReplicaIdentity>;

/** How SQL says it after REPLICA IDENTITY. */
export function identityWords({ identity, index }: Pick<SetReplicaIdentity, 'identity' | 'index'>): string {
  return identity === 'index' ? `USING INDEX ${formatIdentifier(index ?? '')}` : identity.toUpperCase();
}

function read(answers: Answers): SetReplicaIdentity {
  const said = answers.optionalText('replica-identity')?.trim().toLowerCase() ?? null;
  const common = { kind: 'set-replica-identity', table: answers.table() } as const;
  if (said === null) return { ...common, identity: 'index', index: answers.name('index') };
  if (said === 'default' || said === 'full' || said === 'nothing')
    return { ...common, identity: said, index: null };
  throw new SwitchbackError(
    'usage',
    t('"{0}" is no replica identity. Write default, full or nothing, or name an index.', said),
  );
}

/** https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-REPLICA-IDENTITY */
function check(change: SetReplicaIdentity, table: TableFacts): void {
  const relation = formatQualifiedName(table.name);
  if (change.identity !== 'index') {
    if (table.replicaIdentity === change.identity)
      throw new SwitchbackError(
        'already-done',
        t(
          'The replica identity of {0} is {1} already. There is nothing to do.',
          relation,
          identityWords(change),
        ),
      );
    return;
  }
  const index = table.indexes.find(({ name }) => name.name === change.index);
  const name = formatIdentifier(change.index ?? '');
  if (!index)
    throw new SwitchbackError(
      'not-found',
      t(
        'There is no index {0} on {1}. Choose one of these: {2}.',
        name,
        relation,
        table.indexes.map((each) => formatIdentifier(each.name.name)).join(', ') || '-',
      ),
    );
  if (!isIdentifying(index, table)) throw cannotIdentify(change.index);
}

function cannotIdentify(index: string | null): SwitchbackError {
  return new SwitchbackError(
    'invalid-input',
    t(
      'The index {0} cannot identify rows: it has to be unique, valid, not partial, not deferrable, and of plain columns that are all NOT NULL. Choose another one.',
      formatIdentifier(index ?? ''),
    ),
  );
}

function isIdentifying(index: IndexFacts, table: TableFacts): boolean {
  if (!index.unique || !index.valid || index.partial || index.expressionColumns.length > 0) return false;
  return !table.constraints.some(({ name, deferrable }) => name === index.constraint && deferrable);
}

/** Which index it is now, and which publications send updates or deletes. */
async function look(change: SetReplicaIdentity, { session, table, signal }: Look): Promise<ChangeFindings> {
  const { rows } = await session.query<IdentityRow>(
    identityQuery,
    [table.name.schema, table.name.name, change.index],
    { signal },
  );
  const { index, publishing, key } = rows[0]!;
  if (change.identity === 'index' && index === change.index)
    throw new SwitchbackError(
      'already-done',
      t(
        'The replica identity of {0} is the index {1} already. There is nothing to do.',
        formatQualifiedName(table.name),
        formatIdentifier(index ?? ''),
      ),
    );
  const filled = (name: string | null): boolean =>
    table.columns.some((column) => column.name === name && column.notNull);
  if (change.identity === 'index' && !key.every(filled)) throw cannotIdentify(change.index);
  return { blockers: [], replicaIdentity: { index, publishing, key: key.flatMap((name) => name ?? []) } };
}

interface IdentityRow {
  index: string | null;
  publishing: string[];
  /** Columns of the wished index, without INCLUDE ones; null for an expression. */
  key: (string | null)[];
}

const identityQuery = `
  select (select i.relname::text from pg_index x join pg_class i on i.oid = x.indexrelid where x.indrelid = c.oid and x.indisreplident) as index,
         array(select pubname::text from pg_publication where pubupdate or pubdelete order by 1) as publishing,
         array(select a.attname::text from pg_index x join pg_class i on i.oid = x.indexrelid
                cross join lateral unnest(x.indkey::int2[]) with ordinality as k(number, place)
                 left join pg_attribute a on a.attrelid = c.oid and a.attnum = k.number
                where x.indrelid = c.oid and i.relname = $3 and k.place <= x.indnkeyatts order by k.place) as key
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and c.relname = $2`;
