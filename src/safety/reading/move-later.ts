import type { AlterTableCmd } from '@pgsql/types';
import { t } from '../../messages/translate';
import { formatIdentifier } from '../../sql/identifier';
import type { Statement } from '../../sql/statement';
import { asKind } from '../../sql/tree';
import type { EditProposal } from '../fix-proposal';
import { relationKey, type KnownSchema } from '../known-schema';
import type { RuleContext, RuleScript } from '../rule';
import { removeStatement } from './script-edits';
import { commentsAbove } from './statement-text';
import { relationsNamed } from './tables-named';

/**
 * Moves the statement to the next migration, where it is known what takes it back and nothing after it in the
 * script may need it; null elsewhere.
 */
export function moveLater(context: RuleContext, title: string): EditProposal | null {
  const { statement, script, schema } = context;
  if (script.direction === 'down') return null;
  const move = validation(context) ?? filling(context);
  if (!move) return null;
  const names = relationsNamed(schema, statement);
  // A statement that names none of them anywhere needs no closer look.
  const mentioned = new RegExp(names.map((name) => lastPart(name).replace(/[^\w]/g, '.')).join('|'), 'i');
  const later = script.statements.slice(statement.index + 1);
  const needed = later.some((each) =>
    ['DoStmt', 'CallStmt'].includes(each.kind)
      ? true
      : mentioned.test(each.text) && relationsNamed(schema, each).some((name) => names.includes(name)),
  );
  if (needed) return null;
  const previous = script.statements[statement.index - 1]?.end.offset ?? 0;
  const comments = commentsAbove(script.sql, previous, statement.start.offset);
  const removed = removeStatement(script, statement);
  return {
    kind: 'edit',
    title,
    edits: [{ ...removed, start: Math.min(comments?.start ?? removed.start, removed.start) }],
    follows: [{ ...move, up: `${comments?.text ?? ''}${statement.text};\n`, transactional: true }],
  };
}

/** VALIDATE of a constraint that the script adds: taken back by adding it once more as the script does. */
function validation({ statement, script, schema }: RuleContext): { name: string; down: string } | null {
  const command = onlyCommand(statement);
  if (command?.subtype !== 'AT_ValidateConstraint' || !command.name) return null;
  const table = alteredKey(schema, statement);
  const added = before(script, statement).find((each) => {
    const constraint = asKind(onlyCommand(each)?.def, 'Constraint');
    return (
      alteredKey(schema, each) === table &&
      constraint?.conname === command.name &&
      constraint?.skip_validation === true
    );
  });
  if (!added) return null;
  const drop = `ALTER TABLE ${table} DROP CONSTRAINT ${formatIdentifier(command.name)};`;
  return { name: `validate ${command.name}`, down: `${drop}\n${added.text};\n` };
}

/** UPDATE of columns that the script adds: they go with it. */
function filling({ statement, script, schema }: RuleContext): { name: string; down: string } | null {
  const update = asKind(statement.node, 'UpdateStmt');
  if (!update) return null;
  const assigned = (update.targetList ?? []).map((node) => asKind(node, 'ResTarget')?.name ?? '');
  if (assigned.length === 0) return null;
  const table = relationKey(schema, update.relation);
  const added = new Set(
    before(script, statement)
      .filter((each) => alteredName(each) === update.relation?.relname && alteredKey(schema, each) === table)
      .flatMap((each) => asKind(each.node, 'AlterTableStmt')?.cmds ?? [])
      .map((node) => asKind(node, 'AlterTableCmd'))
      .filter((command) => command?.subtype === 'AT_AddColumn')
      .map((command) => asKind(command?.def, 'ColumnDef')?.colname ?? ''),
  );
  if (!assigned.every((column) => added.has(column))) return null;
  const down = t('Nothing to take back: what is filled here goes with the migration that adds it.');
  return { name: `fill ${update.relation?.relname ?? ''} ${assigned.join(' ')}`, down: `-- ${down}\n` };
}

/** A relation's own name as its key has it. */
function lastPart(key: string): string {
  return /(?:"(?:[^"]|"")*"|[^."]+)$/.exec(key)![0].replace(/^"|"$/g, '');
}

function before(script: RuleScript, statement: Statement): readonly Statement[] {
  return script.statements.slice(0, statement.index);
}

function onlyCommand(statement: Statement): AlterTableCmd | null {
  const commands = asKind(statement.node, 'AlterTableStmt')?.cmds ?? [];
  return commands.length === 1 ? asKind(commands[0], 'AlterTableCmd') : null;
}

/** As written, without its schema. */
function alteredName(statement: Statement): string | undefined {
  return asKind(statement.node, 'AlterTableStmt')?.relation?.relname;
}

function alteredKey(schema: KnownSchema, statement: Statement): string | null {
  const alter = asKind(statement.node, 'AlterTableStmt');
  return alter ? relationKey(schema, alter.relation) : null;
}
