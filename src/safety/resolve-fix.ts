import { parseQualifiedName } from '../sql/identifier';
import { asKind } from '../sql/tree';
import type { Position, Statement } from '../sql/statement';
import type { Fix } from './finding';
import type {
  EditProposal,
  FixProposal,
  FixTarget,
  FollowingMigration,
  OtherStatement,
  OutsideTransactionProposal,
  ScriptObject,
} from './fix-proposal';
import { commentsAbove, wholeLines } from './reading/statement-text';
import type { RuleScript } from './rule';

export interface FixPlace {
  target: FixTarget;
  script: Pick<RuleScript, 'sql' | 'statements' | 'transaction' | 'direction'>;
  /** UTF-16 offset of the script in its file. */
  offset: number;
  /** Positions of offsets in the file of the script, and of the other script's file. */
  inFile: (offset: number) => Position;
  inOther: (offset: number) => Position;
  /** A statement's tree as text, made once: fixes of many statements look through those behind them. */
  treeText: (statement: Statement) => string;
  /** The script in lower case. */
  lowerSql: string;
}

/** The edits and new files a proposal stands for; null where this layout, or a way back, cannot do it. */
export function resolveFix(proposal: FixProposal, statement: Statement, place: FixPlace): Fix | null {
  switch (proposal.kind) {
    case 'edit': {
      const creates = compose(proposal.follows, place);
      if (!creates) return null;
      const edits = proposal.edits.map((edit) => editInScript(edit.start, edit.end, edit.newText, place));
      edits.push(...undoInOther(proposal, place));
      if (!proposal.other) return { title: proposal.title, edits, creates };
      const { object, newText } = proposal.other;
      const about = aboutObject(object, place);
      if (!about) return null;
      edits.push(...about.map((each) => editOther(each, newText, place)));
      return { title: proposal.title, edits, creates };
    }
    case 'outside-transaction':
      return outsideTransaction(proposal, statement, place);
  }
}

/** What the other script has to run before anything else, because this one now does something else. */
function undoInOther({ undo }: EditProposal, { target, inOther }: FixPlace): Fix['edits'] {
  const { other } = target;
  if (undo === undefined || !other) return [];
  const end = lineEnd(other.text);
  const text = `${undo.trimEnd()}\n`.replace(/\r?\n/g, end);
  return [editInFile(other.path, other.start, other.start, text, inOther)];
}

function outsideTransaction(
  proposal: OutsideTransactionProposal,
  statement: Statement,
  place: FixPlace,
): Fix | null {
  const { script, target } = place;
  const { outside } = target;
  const here: Fix = {
    title: proposal.title,
    edits: [replaceStatement(proposal.statement, statement, place)],
    creates: [],
  };
  // What stands inside the script's own BEGIN stays inside it, wherever the file says it runs.
  if (script.statements.some((each) => each.kind === 'TransactionStmt')) return null;
  if (script.transaction === 'none' || outside.by === 'always') return staying(here, proposal, place);
  switch (outside.by) {
    case 'never':
    // An edit of SQL is not one of the program it is in.
    case 'code':
      return null;
    case 'companion':
      if (proposal.apart === null) return null;
      // The file beside it is there already.
      if (script.transaction === 'implicit' && script.statements.length === 1 && !proposal.apart)
        return staying(here, proposal, place);
      break;
    case 'header': {
      const alone = outside.alone === true;
      if (!script.statements.every((each) => each === statement || (!alone && isSetting(each)))) break;
      // The other script may have no room for a marker of its own, which the parts would need in both.
      if (alone && proposal.apart === null) return null;
      if (alone && proposal.apart) break;
      const fix = staying(here, proposal, place);
      return fix && { ...fix, edits: [...markerEdits(outside.marker, place), ...fix.edits] };
    }
    case 'single-statement': {
      if (script.statements.length !== 1) break;
      if (proposal.apart === undefined) return staying(here, proposal, place);
      if (proposal.apart === null) return null;
      const split = splitHere(proposal, proposal.apart, statement, place);
      if (split) return split;
      break;
    }
  }
  return moveAway(proposal, statement, place);
}

/** The marker at the start of the script; a script that is sent as one text already has it. */
function markerEdits(marker: string, { target, script, offset, inFile }: FixPlace): Fix['edits'] {
  if (script.transaction === 'implicit') return [];
  return [editInFile(target.path, offset, offset, `${marker}${lineEnd(script.sql)}`, inFile)];
}

/** The fix of a statement that stays where it is, with what its way back has to run too. */
function staying(fix: Fix, { object, after }: OutsideTransactionProposal, place: FixPlace): Fix | null {
  const { other } = place.target;
  if (after === undefined || !other) return fix;
  const [each, ...more] = aboutObject(object, place) ?? [];
  if (!each || more.length > 0) return null;
  const text = `;${lineEnd(other.text)}${after}`;
  return { ...fix, edits: [...fix.edits, editInFile(other.path, each.end, each.end, text, place.inOther)] };
}

/** The statement goes to migrations of its own, with its comments and with what the other script says about it. */
function moveAway(proposal: OutsideTransactionProposal, statement: Statement, place: FixPlace): Fix | null {
  const about = aboutObject(proposal.object, place);
  if (!about || neededLater(proposal, statement, place)) return null;
  const inverse = proposal.inverse ?? (about.length === 1 ? undoing(about[0]!, proposal) : null);
  if (inverse === null) return null;
  const { script } = place;
  const previous = script.statements[statement.index - 1]?.end.offset ?? 0;
  const comments = commentsAbove(script.sql, previous, statement.start.offset);
  const moved: FollowingMigration = {
    name: proposal.name,
    up: `${comments?.text ?? ''}${proposal.statement};\n`,
    down: inverse === '' ? '' : `${inverse};\n`,
    transactional: false,
    apart:
      proposal.apart &&
      proposal.apart.map((each, index) =>
        index === 0 ? { ...each, up: `${comments?.text ?? ''}${each.up}` } : each,
      ),
  };
  const creates = compose([moved], place);
  if (!creates) return null;
  const { start, end } = wholeLines(script.sql, statement.start.offset, statement.end.offset);
  const edits = [
    editInScript(Math.min(comments?.start ?? start, start), end, '', place),
    ...about.map((each) => editOther(each, null, place)),
  ];
  return { title: proposal.title, edits, creates };
}

function undoing({ outside }: OtherStatement, { after }: OutsideTransactionProposal): string {
  return after === undefined ? outside : `${outside};\n${after}`;
}

/** The first of the parts takes the place of a script's only statement, and its way back that of the other's. */
function splitHere(
  proposal: OutsideTransactionProposal,
  [first, ...rest]: readonly FollowingMigration[],
  statement: Statement,
  place: FixPlace,
): Fix | null {
  const { other } = place.target;
  const about = aboutObject(proposal.object, place);
  const creates = compose(rest, place);
  if (!first || !about || !creates) return null;
  const edits = [replaceStatement(bare(first.up), statement, place)];
  if (other) {
    if (other.statements.length !== 1 || about.length !== 1) return null;
    edits.push(editOther(about[0]!, bare(first.down) || null, place));
  }
  return { title: proposal.title, edits, creates };
}

function bare(sql: string): string {
  return sql.trimEnd().replace(/;$/, '');
}

/** Whether a statement only sets something for those after it. */
function isSetting(statement: Statement): boolean {
  return asKind(statement.node, 'VariableSetStmt') !== null;
}

/** Whether statements behind it name what it makes, or may need the key it makes. */
function neededLater(
  { object }: OutsideTransactionProposal,
  statement: Statement,
  { script, treeText, lowerSql }: FixPlace,
): boolean {
  if (!object) return false;
  const name = nameOf(object);
  // Trees are looked at only where the words are there at all: names may be escaped where they hold a quote.
  const rest = lowerSql.slice(statement.end.offset);
  if (
    !name.includes('"') &&
    !rest.includes(name.toLowerCase()) &&
    !/\bdo\b|conflict|references|u&"/.test(rest)
  )
    return false;
  const named = JSON.stringify(name);
  const relation =
    asKind(statement.node, 'IndexStmt')?.relation ?? asKind(statement.node, 'AlterTableStmt')?.relation;
  const table = JSON.stringify(relation?.relname ?? '');
  return script.statements.slice(statement.index + 1).some((each) => {
    const text = treeText(each);
    if (text.includes(named) || each.kind === 'DoStmt') return true;
    return text.includes(table) && /"(?:pktable|onConflictClause)":/.test(text);
  });
}

function nameOf(object: ScriptObject): string {
  switch (object.kind) {
    case 'index':
      return parseQualifiedName(object.name).name;
    case 'constraint':
      return object.name;
    case 'partition':
      return parseQualifiedName(object.child).name;
  }
}

/** What the other script does about the object; null where it cannot be taken out and would fail. */
function aboutObject(object: ScriptObject | null, { target }: FixPlace): OtherStatement[] | null {
  if (!object) return [];
  const key = JSON.stringify(object);
  const about = (target.other?.statements ?? []).filter((each) =>
    each.objects.some((other) => JSON.stringify(other) === key),
  );
  if (about.some((each) => !each.alone && !each.tolerant)) return null;
  return about.filter((each) => each.alone);
}

/** The other script's statement replaced, or taken out with its lines. */
function editOther(
  { start, end }: OtherStatement,
  newText: string | null,
  { target, inOther }: FixPlace,
): Fix['edits'][number] {
  const { path, text } = target.other!;
  const cut = newText === null ? wholeLines(text, start, end) : { start, end };
  return editInFile(path, cut.start, cut.end, newText ?? '', inOther);
}

/** The files of migrations that follow; null where the layout cannot have them, or in a way back. */
function compose(follows: readonly FollowingMigration[], place: FixPlace): Fix['creates'] | null {
  const { target, script } = place;
  const { outside, compose: composed } = target;
  const { by } = outside;
  const alone =
    by === 'single-statement' || by === 'companion' || (by === 'header' && outside.alone === true);
  if (alone && follows.some((each) => each.apart === null)) return null;
  const all = follows.flatMap((each) => (alone && each.apart ? each.apart : [each]));
  if (all.length === 0) return [];
  if (composed === null || script.direction === 'down') return null;
  if (by === 'never' && all.some((each) => !each.transactional)) return null;
  const end = lineEnd(script.sql);
  const inLines = (text: string): string => text.replace(/\r?\n/g, end);
  return all.flatMap((each, earlier) =>
    composed({ ...each, up: inLines(each.up), down: inLines(each.down) }, earlier),
  );
}

function lineEnd(sql: string): string {
  return sql.includes('\r\n') ? '\r\n' : '\n';
}

function replaceStatement(text: string, statement: Statement, place: FixPlace): Fix['edits'][number] {
  const inLines = text.replace(/\r?\n/g, lineEnd(place.script.sql));
  return editInScript(statement.start.offset, statement.end.offset, inLines, place);
}

function editInScript(start: number, end: number, newText: string, place: FixPlace): Fix['edits'][number] {
  return editInFile(place.target.path, start + place.offset, end + place.offset, newText, place.inFile);
}

function editInFile(
  path: string,
  start: number,
  end: number,
  newText: string,
  at: (offset: number) => Position,
): Fix['edits'][number] {
  return { path, start: at(start), end: at(end), newText };
}
