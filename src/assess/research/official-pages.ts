import type { ResearchLink } from './research';

/** A page of PostgreSQL's documentation, by the name of its file. */
interface OfficialPage {
  page: string;
  /** As the page calls itself, in English as it is. */
  title: string;
  /** A place on it, and the first version whose page is known to have it. */
  anchor?: { id: string; since: number };
}

/** Every form of ALTER TABLE has a place of its own since then. */
const formsSince = 16;
/** Places that are known to be there from this version on; the pages themselves are older. */
const seenSince = 15;

function form(title: string, id: string, since = formsSince): OfficialPage {
  return {
    page: 'sql-altertable',
    title: `ALTER TABLE: ${title}`,
    anchor: { id: `SQL-ALTERTABLE-${id}`, since },
  };
}

function command(title: string): OfficialPage {
  return { page: `sql-${title.replaceAll(' ', '').toLowerCase()}`, title };
}

function constraints(title: string, id: string): OfficialPage {
  return {
    page: 'ddl-constraints',
    title: `Constraints: ${title}`,
    anchor: { id: `DDL-CONSTRAINTS-${id}`, since: seenSince },
  };
}

const alterTable = command('ALTER TABLE');
const notes = form('Notes', 'NOTES', 12);
const notNull = form('SET/DROP NOT NULL', 'DESC-SET-DROP-NOT-NULL');
const columnDefault = form('SET/DROP DEFAULT', 'DESC-SET-DROP-DEFAULT');
const addColumn = form('ADD COLUMN', 'DESC-ADD-COLUMN');
const dropColumn = form('DROP COLUMN', 'DESC-DROP-COLUMN');
const dataType = form('SET DATA TYPE', 'DESC-SET-DATA-TYPE');
const addConstraint = form('ADD table_constraint', 'DESC-ADD-TABLE-CONSTRAINT');
const usingIndex = form('ADD table_constraint_using_index', 'DESC-ADD-TABLE-CONSTRAINT-USING-INDEX');
const alterConstraint = form('ALTER CONSTRAINT', 'DESC-ALTER-CONSTRAINT');
const dropConstraint = form('DROP CONSTRAINT', 'DESC-DROP-CONSTRAINT');
const columnStatistics = form('SET STATISTICS', 'DESC-SET-STATISTICS');
const replicaIdentity = form('REPLICA IDENTITY', 'REPLICA-IDENTITY', seenSince);
const attachPartition = form('ATTACH PARTITION', 'ATTACH-PARTITION', seenSince);
const detachPartition = form('DETACH PARTITION', 'DETACH-PARTITION', seenSince);

const concurrently: OfficialPage = {
  page: 'sql-createindex',
  title: 'CREATE INDEX: Building Indexes Concurrently',
  anchor: { id: 'SQL-CREATEINDEX-CONCURRENTLY', since: 12 },
};
const updatableViews: OfficialPage = {
  page: 'sql-createview',
  title: 'CREATE VIEW: Updatable Views',
  anchor: { id: 'SQL-CREATEVIEW-UPDATABLE-VIEWS', since: 12 },
};
const tableLocks: OfficialPage = {
  page: 'explicit-locking',
  title: 'Explicit Locking: Table-Level Locks',
  anchor: { id: 'LOCKING-TABLES', since: 12 },
};
const partitionMaintenance: OfficialPage = {
  page: 'ddl-partitioning',
  title: 'Table Partitioning: Partition Maintenance',
  anchor: { id: 'DDL-PARTITIONING-DECLARATIVE-MAINTENANCE', since: seenSince },
};
const extendedStatistics: OfficialPage = {
  page: 'planner-stats',
  title: 'Statistics Used by the Planner: Extended Statistics',
  anchor: { id: 'PLANNER-STATS-EXTENDED', since: seenSince },
};
const exclude: OfficialPage = {
  page: 'sql-createtable',
  title: 'CREATE TABLE: EXCLUDE',
  anchor: { id: 'SQL-CREATETABLE-EXCLUDE', since: seenSince },
};
const onConflict: OfficialPage = {
  page: 'sql-insert',
  title: 'INSERT: ON CONFLICT',
  anchor: { id: 'SQL-ON-CONFLICT', since: seenSince },
};
const partitionLimits: OfficialPage = {
  page: 'ddl-partitioning',
  title: 'Table Partitioning: Limitations',
  anchor: { id: 'DDL-PARTITIONING-DECLARATIVE-LIMITATIONS', since: formsSince },
};
const integers: OfficialPage = {
  page: 'datatype-numeric',
  title: 'Numeric Types: Integer Types',
  anchor: { id: 'DATATYPE-INT', since: 12 },
};
const enumDetails: OfficialPage = {
  page: 'datatype-enum',
  title: 'Enumerated Types: Implementation Details',
  anchor: { id: 'DATATYPE-ENUM-IMPLEMENTATION-DETAILS', since: 17 },
};
const compositeInQueries: OfficialPage = {
  page: 'rowtypes',
  title: 'Composite Types: Using Composite Types in Queries',
  anchor: { id: 'ROWTYPES-USAGE', since: 12 },
};
const foreignKeys = constraints('Foreign Keys', 'FK');
const dependencies: OfficialPage = { page: 'ddl-depend', title: 'Dependency Tracking' };
const vacuuming: OfficialPage = { page: 'routine-vacuuming', title: 'Routine Vacuuming' };
const rowSecurity: OfficialPage = { page: 'ddl-rowsecurity', title: 'Row Security Policies' };
const enums: OfficialPage = { page: 'datatype-enum', title: 'Enumerated Types' };
const publications: OfficialPage = { page: 'logical-replication-publication', title: 'Publication' };
const setConstraints: OfficialPage = { page: 'sql-set-constraints', title: 'SET CONSTRAINTS' };
const createTrigger = command('CREATE TRIGGER');
const update = command('UPDATE');

const pagesByKind: Readonly<Record<string, readonly OfficialPage[]>> = {
  'rename-column': [alterTable, createTrigger, updatableViews, tableLocks],
  'add-required-column': [addColumn, notNull, notes],
  'set-default': [columnDefault, { page: 'ddl-default', title: 'Default Values' }],
  'drop-default': [columnDefault, { page: 'ddl-default', title: 'Default Values' }],
  'add-column': [addColumn, notes, { page: 'ddl-generated-columns', title: 'Generated Columns' }],
  'change-column-type': [dataType, notes, createTrigger],
  'set-not-null': [notNull, notes],
  'drop-not-null': [notNull],
  'drop-column': [dropColumn, notes, dependencies],
  'split-column': [addColumn, createTrigger, vacuuming],
  'merge-columns': [addColumn, createTrigger, vacuuming],
  'hash-column': [
    addColumn,
    createTrigger,
    { page: 'functions-binarystring', title: 'Binary String Functions and Operators' },
    { page: 'pgcrypto', title: 'pgcrypto: cryptographic functions' },
  ],
  'move-column': [addColumn, createTrigger, foreignKeys],
  'widen-key': [integers, usingIndex, createTrigger, command('ALTER SEQUENCE')],
  'add-check': [addConstraint, notes, constraints('Check Constraints', 'CHECK-CONSTRAINTS')],
  'add-foreign-key': [addConstraint, notes, foreignKeys],
  'add-unique': [concurrently, usingIndex, constraints('Unique Constraints', 'UNIQUE-CONSTRAINTS')],
  'add-primary-key': [concurrently, usingIndex, notNull],
  'drop-constraint': [dropConstraint, tableLocks],
  'rename-constraint': [alterTable, onConflict],
  'set-deferrable': [alterConstraint, setConstraints, usingIndex],
  'add-exclusion': [exclude, constraints('Exclusion Constraints', 'EXCLUSION'), addConstraint],
  'add-index': [concurrently, command('CREATE INDEX'), partitionMaintenance],
  'drop-index': [command('DROP INDEX'), tableLocks],
  'rename-index': [command('ALTER INDEX')],
  'add-statistics': [command('CREATE STATISTICS'), extendedStatistics],
  'drop-statistics': [command('DROP STATISTICS'), extendedStatistics],
  'set-statistics-target': [
    columnStatistics,
    { page: 'planner-stats', title: 'Statistics Used by the Planner' },
  ],
  'create-table': [command('CREATE TABLE'), foreignKeys],
  'rename-table': [alterTable, updatableViews],
  'move-table': [alterTable, updatableViews, { page: 'ddl-schemas', title: 'Schemas' }],
  'drop-table': [command('DROP TABLE'), dependencies],
  'change-primary-key': [usingIndex, concurrently, notNull],
  'partition-table': [partitionLimits, createTrigger, partitionMaintenance],
  'move-to-database': [
    { page: 'postgres-fdw', title: 'postgres_fdw: access data stored in external PostgreSQL servers' },
    command('CREATE FOREIGN TABLE'),
    command('CREATE USER MAPPING'),
    updatableViews,
  ],
  'merge-tables': [addColumn, createTrigger, command('DROP TABLE')],
  'split-table': [createTrigger, foreignKeys, onConflict],
  'attach-partition': [attachPartition, partitionMaintenance],
  'detach-partition': [detachPartition, partitionMaintenance],
  'set-row-security': [rowSecurity, command('CREATE POLICY')],
  'set-replica-identity': [replicaIdentity, publications],
  'set-comment': [command('COMMENT')],
  'add-enum-value': [command('ALTER TYPE'), enums],
  'rename-enum-value': [command('ALTER TYPE'), enums],
  'remove-enum-value': [enumDetails, command('CREATE TYPE'), createTrigger],
  'enum-to-table': [enums, foreignKeys, createTrigger],
  'add-attribute': [command('ALTER TYPE'), { page: 'rowtypes', title: 'Composite Types' }],
  'rename-attribute': [command('ALTER TYPE'), compositeInQueries],
  'drop-attribute': [command('ALTER TYPE'), compositeInQueries],
  'add-domain-check': [command('ALTER DOMAIN'), command('CREATE DOMAIN')],
  'drop-domain-check': [command('ALTER DOMAIN')],
  'replace-view': [command('CREATE VIEW')],
  'rebuild-view': [command('CREATE VIEW'), command('DROP VIEW'), dependencies],
  'replace-materialized-view': [
    command('CREATE MATERIALIZED VIEW'),
    command('REFRESH MATERIALIZED VIEW'),
    { page: 'rules-materializedviews', title: 'Materialized Views' },
  ],
  'replace-function': [command('CREATE FUNCTION'), { page: 'xfunc-overload', title: 'Function Overloading' }],
  'backfill-column': [update, vacuuming, tableLocks],
  'move-rows': [command('DELETE'), command('INSERT'), vacuuming],
  'purge-rows': [command('DELETE'), vacuuming, tableLocks],
  'remove-duplicates': [command('DELETE'), vacuuming, { page: 'indexes-unique', title: 'Unique Indexes' }],
  'raw-sql': [tableLocks, alterTable],
};

/**
 * The pages of PostgreSQL's documentation that decide how a kind of change is done, of one major version: a place on a
 * page is named only where that version's page has it.
 */
export function officialPages(kind: string, major: number): ResearchLink[] {
  return (pagesByKind[kind] ?? []).map(({ page, title, anchor }) => {
    const place = anchor && major >= anchor.since ? `#${anchor.id}` : '';
    return { title, address: `https://www.postgresql.org/docs/${major}/${page}.html${place}` };
  });
}
