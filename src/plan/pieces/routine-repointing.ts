import { t } from '../../messages/translate';
import { dependentsOfColumn, type RoutineDependent, type TableFacts } from '../../catalog/table-facts';
import { formatIdentifier } from '../../sql/identifier';
import type { SqlParser } from '../../sql/parser';
import { renameColumnReferences, type RenamedSql } from '../../sql/rename-column';
import type { ColumnRenaming } from './rename-in-definition';
import { renameContext, type Repointing } from './view-repointing';

export interface RoutineRepointing extends Repointing {
  /** Signatures that a person has to change, because they may use the column. */
  byHand: string[];
}

/**
 * CREATE OR REPLACE of each routine whose use of the column is certain: those with a parsed body (BEGIN ATOMIC).
 * Routines that only mention the names in their text are listed for a person.
 */
export function repointRoutines(
  parser: SqlParser,
  table: TableFacts,
  renaming: ColumnRenaming,
): RoutineRepointing {
  const result: RoutineRepointing = { forward: [], rollback: [], notes: [], byHand: [] };
  for (const routine of dependentsOfColumn(table.dependents, renaming.from).routines) {
    const renamed = routine.certain ? renameBody(parser, table, renaming, routine) : null;
    if (renamed !== null && renamed.renamed > 0 && renamed.ambiguous.length === 0) {
      result.forward.push(withoutSemicolon(renamed.sql));
      result.rollback.unshift(withoutSemicolon(routine.definition!));
    } else {
      result.byHand.push(routine.signature);
    }
  }
  if (result.byHand.length > 0) {
    result.notes.push(
      t(
        'These routines mention {0} and may use it; make them use {1} with the release: {2}.',
        formatIdentifier(renaming.from),
        formatIdentifier(renaming.to),
        result.byHand.join(', '),
      ),
    );
  }
  return result;
}

function renameBody(
  parser: SqlParser,
  table: TableFacts,
  renaming: ColumnRenaming,
  routine: RoutineDependent,
): RenamedSql | null {
  if (routine.definition === undefined) return null;
  const target = { table: table.name, ...renaming };
  return renameColumnReferences(
    parser,
    withoutSemicolon(routine.definition),
    target,
    renameContext(table, renaming, 'query'),
  );
}

function withoutSemicolon(definition: string): string {
  return definition.replace(/;?\s*$/, '');
}
