import type { TableFacts } from '../../catalog/table-facts';
import type { CodeSample } from '../plan';
import { insertCall, sampleKey, selectCall, typeScriptSample, updateCall } from './code-sample';
import type { ColumnRenaming } from './rename-in-definition';

/** How application code may look before and after each release of a rename. */
export interface RenameSamples {
  /** Writes of the old name become writes of both. */
  writeBoth: CodeSample;
  /** Reads of the old name become reads of the new one. */
  readNew: CodeSample;
  /** Writes of both names become writes of the new one. */
  stopWritingOld: CodeSample;
  /** Writes of the old name become writes of the new one. */
  writeNew: CodeSample;
  /** Reads and writes in one release. */
  readAndWriteNew: CodeSample;
}

/** The samples of one rename, with its table's names. */
export function renameSamples(table: TableFacts, { from, to }: ColumnRenaming): RenameSamples {
  const key = sampleKey(table, from);
  const writes = (...columns: string[]): string[] =>
    [insertCall(table, columns, from), updateCall(table, columns, key)].filter((call) => call !== null);
  const reads = (column: string): string[] => [selectCall(table.name, column, key)];
  return {
    writeBoth: typeScriptSample(writes(from), writes(from, to)),
    readNew: typeScriptSample(reads(from), reads(to)),
    stopWritingOld: typeScriptSample(writes(from, to), writes(to)),
    writeNew: typeScriptSample(writes(from), writes(to)),
    readAndWriteNew: typeScriptSample([...writes(from), ...reads(from)], [...writes(to), ...reads(to)]),
  };
}
