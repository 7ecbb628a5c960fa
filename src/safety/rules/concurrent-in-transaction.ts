import { t } from '../../messages/translate';
import { formatQualifiedName } from '../../sql/identifier';
import type { Statement } from '../../sql/statement';
import { tokens } from '../../sql/tokens';
import { asKind } from '../../sql/tree';
import type { FixProposal } from '../fix-proposal';
import { dottedKey, relationKey, type KnownSchema } from '../known-schema';
import { nameParts } from '../known-schema-drop';
import { schemaOf } from '../reading/constraint-by-index';
import type { Rule } from '../rule';

export const concurrentInTransaction: Rule = {
  id: 'concurrent-in-transaction',
  title: 'A statement that refuses a transaction, inside one',
  severity: 'error',
  since: null,
  until: null,
  why: 'CONCURRENTLY, VACUUM and a few others cannot run inside a transaction block, and the migration fails there. Most tools wrap a file in a transaction, or send it as one text, which is one too.',
  url: 'https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY',
  bad: {
    before: 'create table orders (id int primary key);',
    sql: 'create index concurrently orders_id on orders (id);',
    transaction: 'wrapped',
  },
  good: {
    before: 'create table orders (id int primary key);',
    sql: 'create index concurrently orders_id on orders (id);',
    transaction: 'none',
  },
  check({ statement, forecast, schema, script }) {
    if (forecast.transactional) return [];
    const shared = script.blocks[statement.index];
    if (shared === null || shared === undefined) return [];
    const message = t(
      '{0} fails here: PostgreSQL refuses it inside a transaction. Put it alone into a migration that runs without one.',
      nameOf(statement),
    );
    return [{ message, fix: outside(statement, schema) }];
  },
};

/** What PostgreSQL refuses, in its own words. */
function nameOf({ kind, text }: Statement): string {
  switch (kind) {
    case 'IndexStmt':
      return 'CREATE INDEX CONCURRENTLY';
    case 'DropStmt':
      return 'DROP INDEX CONCURRENTLY';
    case 'AlterTableStmt':
      return 'DETACH PARTITION CONCURRENTLY';
    default: {
      const words = [...tokens(text)].filter((token) => token.kind === 'word').map((token) => token.text);
      return words
        .slice(0, /^(?:Vacuum|Reindex|Cluster)Stmt$/.test(kind) ? 1 : 2)
        .join(' ')
        .toUpperCase();
    }
  }
}

/** The statement as it is, where there is no transaction. What takes back a DROP INDEX only the way back can say. */
function outside(statement: Statement, schema: KnownSchema): FixProposal | null {
  const proposal = {
    kind: 'outside-transaction' as const,
    title: t('Run it outside a transaction'),
    statement: statement.text,
  };
  const index = asKind(statement.node, 'IndexStmt');
  const drop = asKind(statement.node, 'DropStmt');
  if (index) {
    if (!index.idxname) return null;
    const owner = schemaOf(schema, relationKey(schema, index.relation));
    const name = formatQualifiedName({ schema: owner, name: index.idxname });
    const inverse = `DROP INDEX CONCURRENTLY IF EXISTS ${name}`;
    return { ...proposal, inverse, name: `index ${index.idxname}`, object: { kind: 'index', name } };
  }
  if (drop) {
    const parts = nameParts(drop.objects?.[0]);
    const name = dottedKey(schema, parts, schema.relations);
    return {
      ...proposal,
      inverse: null,
      name: `drop index ${parts.at(-1) ?? ''}`,
      object: { kind: 'index', name },
    };
  }
  // Neither changes what the schema is.
  const keeps = statement.kind === 'ReindexStmt' || statement.kind === 'VacuumStmt';
  const words = statement.text.trim().split(/\s+/, 3).join(' ').toLowerCase();
  return { ...proposal, inverse: keeps ? '' : null, name: words, object: null };
}
