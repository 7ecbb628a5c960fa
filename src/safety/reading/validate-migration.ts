import { formatIdentifier } from '../../sql/identifier';
import type { FollowingMigration } from '../fix-proposal';

/**
 * The migration that validates a constraint of `table`, a key of the known schema. Its way back makes the constraint
 * NOT VALID again: `definition` is its text with CONSTRAINT, its name and NOT VALID.
 */
export function validateMigration(table: string, name: string, definition: string): FollowingMigration {
  const constraint = formatIdentifier(name);
  return {
    name: `validate ${name}`,
    up: `ALTER TABLE ${table} VALIDATE CONSTRAINT ${constraint};\n`,
    down: `ALTER TABLE ${table} DROP CONSTRAINT ${constraint};\nALTER TABLE ${table} ADD ${definition};\n`,
    transactional: true,
  };
}
