import fc from 'fast-check';
import { namesIn, type CaseNames } from './recipe-case';

const name = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
  .filter((text) => !text.includes('\0') && Buffer.byteLength(text) <= 62 && !/^pg_|^switchback/.test(text));
/** Names of any letters that PostgreSQL takes, as no two of a case are alike. */
export const randomNames: fc.Arbitrary<CaseNames> = fc
  .uniqueArray(name, { minLength: 6, maxLength: 6, selector: (text) => text.toLowerCase() })
  .map(([schema, ...others]) => namesIn(`s${schema!}`, others as [string, string, string, string, string]));
