import { tokens } from '../../sql/tokens';
import { asKind } from '../../sql/tree';
import type { AlterTableCmd } from '@pgsql/types';
import type { RuleContext } from '../rule';

export interface Place {
  /** Offsets in the script; `end` is exclusive. */
  start: number;
  end: number;
}

/** Where each command of an ALTER TABLE stands, without the commas between them; empty where that is not clear. */
export function commandPlaces(context: Pick<RuleContext, 'statement'>): Map<AlterTableCmd, Place> {
  const { statement } = context;
  const commands = (asKind(statement.node, 'AlterTableStmt')?.cmds ?? [])
    .map((node) => asKind(node, 'AlterTableCmd'))
    .filter((command) => command !== null);
  const places = partsBetweenCommas(statement.text);
  if (places.length !== commands.length) return new Map();
  const { offset } = statement.start;
  return new Map(
    commands.map((command, index) => {
      const { start, end } = places[index]!;
      return [command, { start: start + offset, end: end + offset }];
    }),
  );
}

/** The parts behind `ALTER TABLE [IF EXISTS] [ONLY] name [*]`. */
function partsBetweenCommas(text: string): Place[] {
  const places: Place[] = [];
  let state: 'head' | 'name' | 'dot' | 'parts' = 'head';
  let depth = 0;
  let open = null as Place | null;
  for (const token of tokens(text)) {
    const word = token.kind === 'word' ? token.text.toLowerCase() : '';
    if (state === 'head') {
      if (['alter', 'table', 'if', 'exists', 'only', 'foreign'].includes(word)) continue;
      state = 'dot';
      continue;
    }
    if (state === 'dot') {
      if (token.text === '.') {
        state = 'name';
        continue;
      }
      state = 'parts';
      if (token.text === '*') continue;
    } else if (state === 'name') {
      state = 'dot';
      continue;
    }
    if (token.kind === 'sign' && '([{'.includes(token.text)) depth += 1;
    if (token.kind === 'sign' && ')]}'.includes(token.text)) depth -= 1;
    if (token.text === ',' && token.kind === 'sign' && depth === 0) {
      if (open) places.push(open);
      open = null;
    } else {
      open = { start: open?.start ?? token.start, end: token.end };
    }
  }
  return open ? [...places, open] : places;
}
