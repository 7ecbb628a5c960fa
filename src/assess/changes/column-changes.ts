import { addRequiredColumn } from './add-required-column';
import { changeColumnType } from './change-column-type';
import { renameColumn } from './rename-column';
import { setDefault } from './set-default';
import { dropDefault } from './drop-default';
import { addColumn } from './add-column';
import { setNotNull } from './set-not-null';
import { dropNotNull } from './drop-not-null';
import { dropColumn } from './drop-column';
import { splitColumn } from './split-column';
import { mergeColumns } from './merge-columns';
import { hashColumn } from './hash-column';
import { moveColumn } from './move-column';
import { widenKey } from './widen-key';

/** Kinds of change to columns, in the order pickers list them. */
export const columnChanges = [
  renameColumn,
  addRequiredColumn,
  setDefault,
  dropDefault,
  addColumn,
  changeColumnType,
  setNotNull,
  dropNotNull,
  dropColumn,
  splitColumn,
  mergeColumns,
  hashColumn,
  moveColumn,
  widenKey,
] as const;
