import { asKind } from '../sql/tree';
import type { Position, Statement } from '../sql/statement';
import type { Fix } from './finding';
import type { FixProposal, FixTarget, FollowingMigration, OutsideTransactionProposal } from './fix-proposal';
import type { RuleScript } from './rule';

export interface FixPlace {
  target: FixTarget;
  script: Pick<RuleScript, 'sql' | 'statements' | 'transaction'>;
  /** UTF-16 offset of the script in its file. */
  offset: number;
  /** Positions of offsets in the file of the script, and of the other script's file. */
  inFile: (offset: number) => Position;
  inOther: (offset: number) => Position;
}

/** The edits and new files a proposal stands for; null where this layout cannot do it. */
export function resolveFix(proposal: FixProposal, statement: Statement, place: FixPlace): Fix | null {
  switch (proposal.kind) {
    case 'edit':
      return {
        title: proposal.title,
        edits: proposal.edits.map((edit) => editInScript(edit.start, edit.end, edit.newText, place)),
        creates: compose(proposal.follows, place),
      };
    case 'outside-transaction':
      return outsideTransaction(proposal, statement, place);
  }
}

function outsideTransaction(
  proposal: OutsideTransactionProposal,
  statement: Statement,
  place: FixPlace,
): Fix | null {
  const { script, target } = place;
  const replace = editInScript(statement.start.offset, statement.end.offset, proposal.statement, place);
  const here = { title: proposal.title, edits: [replace], creates: [] };
  if (runsAlone(script, target, statement)) return here;
  if (target.outside.by === 'never') return null;
  if (
    target.outside.by === 'header' &&
    script.statements.every((each) => each === statement || isSetting(each))
  ) {
    const marker = editInFile(
      target.path,
      place.offset,
      place.offset,
      `${target.outside.marker}\n`,
      place.inFile,
    );
    return { ...here, edits: [marker, replace] };
  }
  const moved = {
    name: proposal.name,
    up: `${proposal.statement};\n`,
    down: `${proposal.inverse};\n`,
    transactional: false,
  };
  const { start, end } = wholeLines(script.sql, statement.start.offset, statement.end.offset);
  return {
    title: proposal.title,
    edits: [editInScript(start, end, '', place), ...movedDrops(proposal, place)],
    creates: compose([moved], place),
  };
}

function runsAlone(
  { statements, transaction }: FixPlace['script'],
  { outside }: FixTarget,
  statement: Statement,
): boolean {
  if (transaction === 'none' || outside.by === 'always') return true;
  return outside.by === 'single-statement' && statements.length === 1 && statements[0] === statement;
}

function isSetting(statement: Statement): boolean {
  return asKind(statement.node, 'VariableSetStmt') !== null;
}

/** The old down would drop an index that the new migration's own down has dropped already. */
function movedDrops(proposal: OutsideTransactionProposal, { target, inOther }: FixPlace): Fix['edits'] {
  const { other } = target;
  if (!other || proposal.index === null) return [];
  return other.drops
    .filter((drop) => drop.indexes.length === 1 && drop.indexes[0] === proposal.index)
    .map((drop) => {
      const { start, end } = wholeLines(other.text, drop.start, drop.end);
      return editInFile(other.path, start, end, '', inOther);
    });
}

/** A statement with its semicolon and, where nothing else stands on them, its lines. */
function wholeLines(sql: string, from: number, to: number): { start: number; end: number } {
  const semicolon = /^\s*;/.exec(sql.slice(to));
  let end = to + (semicolon?.[0].length ?? 0);
  const before = /[ \t]*$/.exec(sql.slice(0, from))!;
  const lineStart = from - before[0].length;
  const after = /^[ \t]*(?:\r?\n|$)/.exec(sql.slice(end));
  const aloneBefore = lineStart === 0 || sql[lineStart - 1] === '\n';
  if (!after || !aloneBefore) return { start: from, end };
  end += after[0].length;
  return { start: lineStart, end };
}

function compose(follows: readonly FollowingMigration[], { target }: FixPlace): Fix['creates'] {
  return follows.flatMap((migration, earlier) => target.compose(migration, earlier));
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
