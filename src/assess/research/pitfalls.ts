import { columnNotes } from './column-notes';
import { columnValueNotes } from './column-value-notes';
import { constraintNotes } from './constraint-notes';
import { dataNotes } from './data-notes';
import { indexNotes } from './index-notes';
import type { RecipeNotes } from './research';
import { routineNotes } from './routine-notes';
import { sqlNotes } from './sql-notes';
import { tableNotes } from './table-notes';
import { tableShapeNotes } from './table-shape-notes';
import { typeNotes } from './type-notes';
import { viewNotes } from './view-notes';

/** By kind of change, each said when it is asked for: the language is known only then. */
export type NotesByKind = Readonly<Record<string, () => RecipeNotes>>;

const notes: NotesByKind = {
  ...columnNotes,
  ...columnValueNotes,
  ...constraintNotes,
  ...indexNotes,
  ...tableNotes,
  ...tableShapeNotes,
  ...typeNotes,
  ...viewNotes,
  ...routineNotes,
  ...dataNotes,
  ...sqlNotes,
};

/** What goes wrong when a kind of change is done naively, and what else could be done. */
export function recipeNotes(kind: string): RecipeNotes {
  return notes[kind]?.() ?? { pitfalls: [], alternatives: [] };
}
