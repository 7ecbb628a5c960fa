import type { AlterTableCmd } from '@pgsql/types';
import { t } from '../../messages/translate';
import { formatQualifiedName } from '../../sql/identifier';
import { asKind } from '../../sql/tree';
import type { Statement } from '../../sql/statement';
import type { ScriptEdit } from '../fix-proposal';
import { dottedKey, relationKey, type KnownSchema } from '../known-schema';
import type { RuleScript } from '../rule';
import { nameParts } from '../known-schema-drop';
import { commandPlaces } from './command-places';
import { insertBefore } from './script-edits';
import { wordPlace } from './statement-text';

/** Why a statement fails when it has run before, and what makes it pass; `edits` null where nothing simple does. */
export interface FailsAgain {
  why: string;
  edits: ScriptEdit[] | null;
}

/** What happens when a statement runs a second time; null where nothing goes wrong, or nobody can tell. */
export function failsAgain(script: RuleScript, schema: KnownSchema, statement: Statement): FailsAgain | null {
  const index = asKind(statement.node, 'IndexStmt');
  if (index) return indexAgain(script, schema, statement);
  const alter = asKind(statement.node, 'AlterTableStmt');
  if (alter && (alter.objtype ?? 'OBJECT_TABLE') === 'OBJECT_TABLE') return alterAgain(statement);
  const drop = asKind(statement.node, 'DropStmt');
  if (drop) return drop.missing_ok ? null : { why: gone(), edits: dropIfExists(statement) };
  return createAgain(statement);
}

function there(): string {
  return t('what it makes is there already');
}

function gone(): string {
  return t('what it drops is gone already');
}

/** IF NOT EXISTS would pass over the invalid index that a failed CONCURRENTLY leaves behind. */
function indexAgain(script: RuleScript, schema: KnownSchema, statement: Statement): FailsAgain | null {
  const index = asKind(statement.node, 'IndexStmt')!;
  if (!index.idxname) return { why: t('it makes one more index each time'), edits: null };
  if (!index.concurrent) {
    if (index.if_not_exists) return null;
    return { why: there(), edits: behind(statement, 'index', ' IF NOT EXISTS') };
  }
  const table = relationKey(schema, index.relation);
  const owner = index.relation?.schemaname ?? schema.relations.get(table)?.schema ?? 'public';
  const name = formatQualifiedName({ schema: owner, name: index.idxname });
  const isCleared = script.statements.slice(0, statement.index).some((each) => {
    const drop = asKind(each.node, 'DropStmt');
    const drops = (drop?.objects ?? []).map((object) =>
      dottedKey(schema, nameParts(object), schema.relations),
    );
    return drop?.removeType === 'OBJECT_INDEX' && drops.includes(name);
  });
  // What IF NOT EXISTS hides is invalid-index-hidden.
  if (isCleared || index.if_not_exists) return null;
  return {
    why: there(),
    edits: [insertBefore(script, statement, [`DROP INDEX CONCURRENTLY IF EXISTS ${name};`])],
  };
}

function alterAgain(statement: Statement): FailsAgain | null {
  const places = commandPlaces({ statement });
  const edits: ScriptEdit[] = [];
  let why: string | null = null;
  let stuck = false;
  for (const node of asKind(statement.node, 'AlterTableStmt')?.cmds ?? []) {
    const command = asKind(node, 'AlterTableCmd');
    const again = command && commandAgain(command);
    if (!again) continue;
    why ??= again.why;
    const place = places.get(command);
    const text =
      place && statement.text.slice(place.start - statement.start.offset, place.end - statement.start.offset);
    const word = again.word === null || !text ? null : again.word.exec(text);
    if (!place || !word) stuck = true;
    else {
      const at = place.start + word[0].length;
      edits.push({ start: at, end: at, newText: again.addition });
    }
  }
  return why === null ? null : { why, edits: stuck ? null : edits };
}

function commandAgain(command: AlterTableCmd): { why: string; word: RegExp | null; addition: string } | null {
  if (command.missing_ok) return null;
  switch (command.subtype) {
    case 'AT_AddColumn':
      return { why: there(), word: /^\s*add(?:\s+column)?\b/i, addition: ' IF NOT EXISTS' };
    case 'AT_DropColumn':
      return { why: gone(), word: /^\s*drop(?:\s+column)?\b/i, addition: ' IF EXISTS' };
    case 'AT_DropConstraint':
      return { why: gone(), word: /^\s*drop\s+constraint\b/i, addition: ' IF EXISTS' };
    case 'AT_AddConstraint':
    case 'AT_AddIdentity':
    case 'AT_AttachPartition':
      return { why: there(), word: null, addition: '' };
    case 'AT_DetachPartition':
      return { why: gone(), word: null, addition: '' };
    default:
      return null;
  }
}

function createAgain(statement: Statement): FailsAgain | null {
  const table = asKind(statement.node, 'CreateStmt');
  if (table && !table.if_not_exists)
    return { why: there(), edits: behind(statement, 'table', ' IF NOT EXISTS') };
  const copy = asKind(statement.node, 'CreateTableAsStmt');
  if (copy && !copy.if_not_exists) {
    const word = copy.objtype === 'OBJECT_MATVIEW' ? 'view' : 'table';
    return { why: there(), edits: behind(statement, word, ' IF NOT EXISTS') };
  }
  const sequence = asKind(statement.node, 'CreateSeqStmt');
  if (sequence && !sequence.if_not_exists)
    return { why: there(), edits: behind(statement, 'sequence', ' IF NOT EXISTS') };
  const schema = asKind(statement.node, 'CreateSchemaStmt');
  if (schema && !schema.if_not_exists) return { why: there(), edits: null };
  const value = asKind(statement.node, 'AlterEnumStmt');
  if (value && value.oldVal === undefined && !value.skipIfNewValExists)
    return { why: there(), edits: behind(statement, 'value', ' IF NOT EXISTS') };
  const view = asKind(statement.node, 'ViewStmt');
  const routine = asKind(statement.node, 'CreateFunctionStmt');
  const trigger = asKind(statement.node, 'CreateTrigStmt');
  if (view && !view.replace) return { why: there(), edits: behind(statement, 'create', ' OR REPLACE') };
  if (routine && !routine.replace) return { why: there(), edits: behind(statement, 'create', ' OR REPLACE') };
  if (trigger && !trigger.replace) return { why: there(), edits: null };
  if (
    ['CreateEnumStmt', 'CompositeTypeStmt', 'CreateDomainStmt', 'CreatePolicyStmt'].includes(statement.kind)
  )
    return { why: there(), edits: null };
  return statement.kind === 'RenameStmt' ? { why: t('the old name is gone already'), edits: null } : null;
}

/** DROP of everything but what hangs on a table takes IF EXISTS behind its kind of object. */
function dropIfExists(statement: Statement): ScriptEdit[] | null {
  const kind = asKind(statement.node, 'DropStmt')?.removeType ?? '';
  const words: Record<string, string> = {
    OBJECT_TABLE: 'table',
    OBJECT_INDEX: asKind(statement.node, 'DropStmt')?.concurrent ? 'concurrently' : 'index',
    OBJECT_VIEW: 'view',
    OBJECT_MATVIEW: 'view',
    OBJECT_SEQUENCE: 'sequence',
    OBJECT_TYPE: 'type',
    OBJECT_DOMAIN: 'domain',
    OBJECT_FUNCTION: 'function',
    OBJECT_PROCEDURE: 'procedure',
    OBJECT_SCHEMA: 'schema',
    OBJECT_TRIGGER: 'trigger',
    OBJECT_POLICY: 'policy',
  };
  const word = words[kind];
  return word === undefined ? null : behind(statement, word, ' IF EXISTS');
}

function behind(statement: Statement, word: string, addition: string): ScriptEdit[] | null {
  const place = wordPlace(statement.text, word);
  if (!place) return null;
  const at = statement.start.offset + place.end;
  return [{ start: at, end: at, newText: addition }];
}
