import type { Fix } from '../../src/safety/finding';
import type { FixTarget } from '../../src/safety/fix-proposal';
import type { RuleExample } from '../../src/safety/rule';

export interface FixedMigration {
  up: string;
  down: string;
  transactional: boolean;
}

const marker = '-- switchback:no-transaction';

/** A folder of plain pairs in which the script's file is the last one. */
export function fixTarget(path: string): FixTarget {
  return {
    path,
    outside: { by: 'header', marker },
    compose: (migration, earlier) => {
      const head = migration.transactional ? '' : `${marker}\n`;
      return [
        { path: `${earlier}.up.sql`, text: head + migration.up },
        { path: `${earlier}.down.sql`, text: head + migration.down },
      ];
    },
    other: null,
  };
}

/** The example's file with the fix applied, and the migrations the fix makes, in order. */
export function migrationsAfter(example: RuleExample, fix: Fix): FixedMigration[] {
  const up = applyEdits(example.sql, fix.edits);
  const first = { up, down: '', transactional: example.transaction !== 'none' && !up.startsWith(marker) };
  const made: FixedMigration[] = [];
  for (let index = 0; index < fix.creates.length; index += 2) {
    const [forth, back] = [fix.creates[index]!.text, fix.creates[index + 1]!.text];
    made.push({ up: forth, down: back, transactional: !forth.startsWith(marker) });
  }
  return [first, ...made];
}

/** The text with the edits made, whatever their order. */
export function applyEdits(text: string, edits: Fix['edits']): string {
  return [...edits]
    .sort((a, b) => b.start.offset - a.start.offset || b.end.offset - a.end.offset)
    .reduce(
      (result, edit) => result.slice(0, edit.start.offset) + edit.newText + result.slice(edit.end.offset),
      text,
    );
}
