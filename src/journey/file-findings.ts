import { irreversibleReason } from '../layouts/markers';
import type { Migration, MigrationScript } from '../layouts/layout';
import { t } from '../messages/translate';
import type { FileProblem } from '../safety/lint';
import { lexemes } from '../sql/lexer';
import type { ParsedSql } from '../sql/statement';

/** A migration's two scripts; null where there is no file, or it cannot be read. */
export interface MigrationScripts {
  migration: Migration;
  up: MigrationScript | null;
  down: MigrationScript | null;
  /** Whether other migrations of the folder have a way back: without, the team does not write any. */
  othersGoBack: boolean;
}

/** What is wrong with a migration's up file as a whole: a second file of its version, what its tool refuses, no way back. */
export function upProblems({ migration, up, down, othersGoBack }: MigrationScripts): FileProblem[] {
  if (!up) return [];
  const twins = new Set((migration.twins ?? []).map(({ sentence }) => sentence));
  const problems: FileProblem[] = (migration.problems ?? []).map((message) => ({
    rule: twins.has(message) ? 'duplicate-version' : 'broken-layout',
    severity: 'error',
    message,
  }));
  const { upPath, downPath } = migration;
  const isMissing = othersGoBack && (downPath === null || (downPath === upPath && down === null));
  // No tool takes these back: a repeatable one is run again, a baseline makes the whole database.
  if (migration.kind) return problems;
  if (!isMissing || irreversibleReason(up) !== null || isEmpty(up.sql)) return problems;
  const message = t(
    'Migration {0} has no way back. Add a down file, or write "-- switchback:irreversible" and why at the top of this one.',
    migration.version,
  );
  return [...problems, { rule: 'no-down', severity: 'warning', message }];
}

/** What is wrong with its down file as a whole: it does nothing, while the up changes the schema. */
export function downProblems(
  { migration, up, down }: MigrationScripts,
  parsedUp: () => ParsedSql | null,
): FileProblem[] {
  if (!up || !down || !isEmpty(down.sql)) return [];
  if ([up, down].some((script) => irreversibleReason(script) !== null)) return [];
  if (!(parsedUp()?.statements ?? []).some(({ kind }) => changesSchema(kind))) return [];
  const message = t(
    'Migration {0} changes the schema, and this way back does nothing. Write what takes it back, or "-- switchback:irreversible" and why.',
    migration.version,
  );
  return [{ rule: 'empty-down', severity: 'warning', message }];
}

/** No statement, or nothing but a SELECT of constants, which some tools need to have a file at all. */
function isEmpty(sql: string): boolean {
  let code = '';
  for (const { kind, start, end } of lexemes(sql)) {
    if (kind !== 'comment') code += `${sql.slice(start, end)} `;
    if (/^[\s;]*[^\s;s]/i.test(code)) return false;
  }
  return /^[\s;]*(?:select\s+(?:\d+|null|true|false)\s*;?[\s;]*)?$/i.test(code);
}

/** Statements that leave the schema as it is; a DO block may do anything. */
const harmless =
  /^(Select|Insert|Update|Delete|Merge|Copy|Truncate|VariableSet|VariableShow|Transaction|Explain|Do|Call|Vacuum|Notify|Lock|Discard|Comment|Refresh.*)Stmt$/;

function changesSchema(kind: string): boolean {
  return !harmless.test(kind);
}
