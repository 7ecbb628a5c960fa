import { rawSql } from './raw-sql';

/** Kinds of change that are SQL of somebody's own. */
export const sqlChanges = [rawSql] as const;
