import { t } from '../../messages/translate';
import type { ResearchLink } from './research';

/** Words that the statements of a kind of change have and few others: keywords of SQL alone. */
const wordsByKind: Readonly<Record<string, readonly string[]>> = {
  'rename-column': ['ALTER TABLE', 'RENAME COLUMN'],
  'add-required-column': ['ADD COLUMN', 'NOT NULL', 'NOT VALID', 'VALIDATE CONSTRAINT'],
  'set-default': ['ALTER COLUMN', 'SET DEFAULT'],
  'drop-default': ['ALTER COLUMN', 'DROP DEFAULT'],
  'add-column': ['ALTER TABLE', 'ADD COLUMN'],
  'change-column-type': ['ALTER COLUMN', 'TYPE', 'USING'],
  'set-not-null': ['SET NOT NULL', 'NOT VALID', 'VALIDATE CONSTRAINT'],
  'drop-not-null': ['ALTER COLUMN', 'DROP NOT NULL'],
  'drop-column': ['ALTER TABLE', 'DROP COLUMN'],
  'widen-key': ['ADD COLUMN', 'BIGINT', 'ALTER SEQUENCE'],
  'add-check': ['CHECK', 'NOT VALID', 'VALIDATE CONSTRAINT'],
  'add-foreign-key': ['FOREIGN KEY', 'NOT VALID', 'VALIDATE CONSTRAINT'],
  'add-unique': ['CREATE UNIQUE INDEX CONCURRENTLY', 'UNIQUE USING INDEX'],
  'add-primary-key': ['CREATE UNIQUE INDEX CONCURRENTLY', 'PRIMARY KEY USING INDEX'],
  'drop-constraint': ['ALTER TABLE', 'DROP CONSTRAINT'],
  'rename-constraint': ['ALTER TABLE', 'RENAME CONSTRAINT'],
  'set-deferrable': ['ALTER CONSTRAINT', 'DEFERRABLE'],
  'add-exclusion': ['ADD CONSTRAINT', 'EXCLUDE USING'],
  'add-index': ['CREATE INDEX CONCURRENTLY'],
  'drop-index': ['DROP INDEX CONCURRENTLY'],
  'rename-index': ['ALTER INDEX', 'RENAME TO'],
  'add-statistics': ['CREATE STATISTICS'],
  'drop-statistics': ['DROP STATISTICS'],
  'set-statistics-target': ['ALTER COLUMN', 'SET STATISTICS'],
  'create-table': ['CREATE TABLE'],
  'rename-table': ['ALTER TABLE', 'RENAME TO', 'CREATE VIEW'],
  'move-table': ['ALTER TABLE', 'SET SCHEMA'],
  'drop-table': ['DROP TABLE'],
  'change-primary-key': ['DROP CONSTRAINT', 'PRIMARY KEY USING INDEX'],
  'partition-table': ['PARTITION BY', 'PARTITION OF', 'RENAME TO'],
  'move-to-database': ['CREATE FOREIGN TABLE', 'CREATE TRIGGER'],
  'merge-tables': ['ADD COLUMN', 'CREATE TRIGGER', 'DROP TABLE'],
  'split-table': ['CREATE TABLE', 'CREATE TRIGGER', 'DROP COLUMN'],
  'attach-partition': ['ATTACH PARTITION', 'NOT VALID'],
  'detach-partition': ['DETACH PARTITION', 'CONCURRENTLY'],
  'set-row-security': ['CREATE POLICY', 'ENABLE ROW LEVEL SECURITY'],
  'set-replica-identity': ['ALTER TABLE', 'REPLICA IDENTITY'],
  'set-comment': ['COMMENT ON'],
  'add-enum-value': ['ALTER TYPE', 'ADD VALUE'],
  'rename-enum-value': ['ALTER TYPE', 'RENAME VALUE'],
  'remove-enum-value': ['ALTER TYPE', 'RENAME TO', 'CREATE TYPE', 'AS ENUM', 'DROP TYPE'],
  'enum-to-table': ['FOREIGN KEY', 'DROP TYPE', 'AS ENUM'],
  'add-attribute': ['ALTER TYPE', 'ADD ATTRIBUTE'],
  'rename-attribute': ['ALTER TYPE', 'RENAME ATTRIBUTE'],
  'drop-attribute': ['ALTER TYPE', 'DROP ATTRIBUTE'],
  'add-domain-check': ['ALTER DOMAIN', 'ADD CONSTRAINT', 'NOT VALID'],
  'drop-domain-check': ['ALTER DOMAIN', 'DROP CONSTRAINT'],
  'replace-view': ['CREATE OR REPLACE VIEW'],
  'rebuild-view': ['DROP VIEW', 'CREATE VIEW'],
  'replace-materialized-view': ['DROP MATERIALIZED VIEW', 'CREATE MATERIALIZED VIEW'],
  'replace-function': ['CREATE OR REPLACE FUNCTION'],
  'move-rows': ['DELETE FROM', 'RETURNING', 'INSERT INTO'],
};

/**
 * A search in public code for statements of this kind; null where none is typical. It is made of the kind alone, so no name
 * of anybody's schema can leave with it.
 */
export function codeSearch(kind: string): ResearchLink | null {
  const words = wordsByKind[kind];
  if (!words) return null;
  const query = ['language:SQL', ...words.map((word) => `"${word}"`)].join(' ');
  return {
    title: t('Public code with {0}', words.join(', ')),
    address: `https://github.com/search?type=code&q=${encodeURIComponent(query)}`,
  };
}
