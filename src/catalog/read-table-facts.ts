import type { Session } from '../database/session';
import { isSwitchbackError, SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { formatIdentifier, formatQualifiedName, type QualifiedName } from '../sql/identifier';
import { readColumns } from './facts/columns';
import { readConstraints, readForeignKeys } from './facts/constraints';
import { readDependents } from './facts/dependents';
import { findTable } from './facts/find-table';
import { readIndexes } from './facts/indexes';
import { readInheritance, readPartitioning } from './facts/partitions';
import { readPolicies, readPrivileges } from './facts/privileges';
import { readPublications } from './facts/publications';
import { readSize } from './facts/size';
import { readTriggers } from './facts/triggers';
import { nearNames } from './near-names';
import { withQualifiedOutput } from './qualified-output';
import type { ColumnFacts, TableFacts } from './table-facts';

/**
 * Reads what is known of one table. Throws `not-found` with near names when there is none, and
 * `no-privilege` when a catalog may not be read.
 */
export async function readTableFacts(session: Session, table: QualifiedName): Promise<TableFacts> {
  try {
    return await withQualifiedOutput(session, () => read(session, table));
  } catch (error) {
    if (!isSwitchbackError(error, 'no-privilege')) throw error;
    throw new SwitchbackError(
      'no-privilege',
      t(
        '"{0}" may not read the catalog for {1}: {2}. Ask for SELECT on that catalog, or connect as another user.',
        session.facts.user,
        formatQualifiedName(table),
        String(error.details['message'] ?? error.sentence),
      ),
      { cause: error, details: error.details },
    );
  }
}

async function read(session: Session, name: QualifiedName): Promise<TableFacts> {
  const table = await findTable(session, name);
  const columns = await readColumns(session, table);
  const notNull = new Set(columns.filter((column) => column.notNull).map((column) => column.name));
  const { indexes, primaryKey, uniqueKeys } = await readIndexes(session, table, notNull);
  const constraints = await readConstraints(session, table);
  const triggers = await readTriggers(
    session,
    table,
    columns.map((column) => column.name),
  );
  return {
    name: table.name,
    kind: table.kind,
    persistence: table.persistence,
    owner: table.owner,
    comment: table.comment,
    mayAlter: table.mayAlter,
    ...(await readSize(session, table)),
    columns,
    primaryKey,
    uniqueKeys,
    indexes,
    constraints,
    foreignKeysOut: await readForeignKeys(session, table, 'out'),
    foreignKeysIn: await readForeignKeys(session, table, 'in'),
    partitioning: await readPartitioning(session, table),
    ...(await readInheritance(session, table)),
    triggers,
    publications: await readPublications(session, table),
    privileges: await readPrivileges(session, table),
    replicaIdentity: table.replicaIdentity,
    rowSecurity: {
      enabled: table.rowSecurityEnabled,
      forced: table.rowSecurityForced,
      policies: await readPolicies(session, table),
    },
    storageParameters: table.storageParameters,
    dependents: await readDependents(session, table, { columns, indexes, constraints, triggers }),
  };
}

/** One column of the table. Throws `not-found`, with names it may be meant for. */
export function columnOf(facts: TableFacts, column: string): ColumnFacts {
  const found = facts.columns.find(({ name }) => name === column);
  if (found) return found;
  const table = formatQualifiedName(facts.name);
  const names = facts.columns.map(({ name }) => name);
  const near = nearNames(column, names);
  const sentence =
    near.length > 0
      ? t(
          'There is no column {0} in {1}. Did you mean {2}?',
          formatIdentifier(column),
          table,
          near.map(formatIdentifier).join(', '),
        )
      : t(
          'There is no column {0} in {1}. Choose one of its columns: {2}.',
          formatIdentifier(column),
          table,
          names.map(formatIdentifier).join(', '),
        );
  throw new SwitchbackError('not-found', sentence);
}
