import type { MigrationChange, MigrationLanguage } from '../implement/new-migration/answers';
import { checkChange } from '../implement/new-migration/check-answers';
import { needsKey } from '../implement/new-migration/script-migration';
import { isSwitchbackError } from '../messages/error';
import { loadParser } from '../sql/parser';

/** Says of one answer, while it is typed, why it cannot become SQL; undefined where it can. */
export interface MigrationChecks {
  /** Of a column. */
  name: (text: string) => string | undefined;
  type: (text: string) => string | undefined;
  /** An expression without columns. */
  default: (text: string) => string | undefined;
  /** An expression over the row. */
  value: (text: string) => string | undefined;
  /** Whether writing the change in this language walks rows, by a key that has to be given or known. */
  needsKey: (change: MigrationChange, language: MigrationLanguage) => boolean;
}

const table = { schema: 'public', name: 'table' };
const addColumn = {
  kind: 'add-column' as const,
  table,
  column: 'column',
  type: 'text',
  default: null,
  required: false,
  fill: null,
  key: [],
};

/** The checks that writing a migration makes, for one field each. */
export async function migrationChecks(): Promise<MigrationChecks> {
  const parser = await loadParser();
  const problem = (change: MigrationChange): string | undefined => {
    try {
      checkChange(parser, change);
      return undefined;
    } catch (error) {
      if (isSwitchbackError(error)) return error.sentence;
      throw error;
    }
  };
  return {
    name: (text) => problem({ ...addColumn, column: text }),
    type: (text) => problem({ ...addColumn, type: text }),
    default: (text) => problem({ ...addColumn, default: text }),
    value: (text) => problem({ ...addColumn, required: true, fill: text }),
    needsKey: (change, language) => needsKey(change, language, parser),
  };
}
