import fc from 'fast-check';
import {
  formatQualifiedName,
  quoteIdentifier,
  quoteLiteral,
  type QualifiedName,
} from '../../src/sql/identifier';

/** A column of the table that the case knows nothing of, and what its rows have there. */
export interface OtherColumn {
  type: keyof typeof types;
  /** Each so many-th row has none; 0: all have a value. */
  nullEach: number;
  seed: number;
  hasDefault: boolean;
  isIndexed: boolean;
  comment: string | null;
}

/** Types with a value made of a row's number, and whether B-trees take them: some compare in no way at all. */
const types = {
  bigint: { value: (n: string) => `${n} * 7919`, btree: true },
  'numeric(12,4)': { value: (n: string) => `${n} / 7.0`, btree: true },
  text: { value: (n: string) => `md5(${n}::text) || E' \\'\\n\\\\ Ü'`, btree: true },
  'varchar(40)': { value: (n: string) => `md5(${n}::text)`, btree: true },
  'char(9)': { value: (n: string) => `${n}::text`, btree: true },
  boolean: { value: (n: string) => `${n} % 2 = 0`, btree: true },
  date: { value: (n: string) => `DATE '1999-12-31' + ${n}`, btree: true },
  timestamptz: {
    value: (n: string) => `TIMESTAMPTZ '2001-02-03 04:05:06.789+00' + ${n} * INTERVAL '1 hour'`,
    btree: true,
  },
  interval: { value: (n: string) => `${n} * INTERVAL '1 day 1 second'`, btree: true },
  uuid: { value: (n: string) => `md5(${n}::text)::uuid`, btree: true },
  bytea: { value: (n: string) => `decode(md5(${n}::text), 'hex')`, btree: true },
  inet: { value: (n: string) => `'10.0.0.0'::inet + ${n}`, btree: true },
  'integer[]': { value: (n: string) => `ARRAY[${n}, NULL, -${n}]`, btree: true },
  'text[]': { value: (n: string) => `ARRAY['', ${n}::text]`, btree: true },
  int4range: { value: (n: string) => `int4range(${n}, ${n} + 3)`, btree: true },
  jsonb: { value: (n: string) => `jsonb_build_object('n', ${n})`, btree: true },
  json: { value: (n: string) => `json_build_object('n', ${n})`, btree: false },
  point: { value: (n: string) => `point(${n}, -${n})`, btree: false },
  xid: { value: (n: string) => `${n}::text::xid`, btree: false },
  'double precision': {
    value: (n: string) => `CASE WHEN ${n} % 3 = 0 THEN 'NaN' ELSE ${n} / 3.0 END`,
    btree: true,
  },
} as const;

/** Up to three such columns, of any types, with any rows. */
export const otherColumns: fc.Arbitrary<OtherColumn[]> = fc.array(
  fc.record({
    type: fc.constantFrom(...(Object.keys(types) as (keyof typeof types)[])),
    nullEach: fc.nat({ max: 4 }),
    seed: fc.integer({ min: 1, max: 1000 }),
    hasDefault: fc.boolean(),
    isIndexed: fc.boolean(),
    comment: fc.option(fc.constantFrom("of 'others'", 'Ü'), { nil: null }),
  }),
  { maxLength: 3 },
);

const mark = quoteIdentifier('mark of others');
const nameOf = (place: number): string => quoteIdentifier(`other "${place}"`);

/** Statements that add them to a table and fill its rows, each of which gets a number; each to be committed by itself. */
export function addOtherColumns(table: QualifiedName, columns: readonly OtherColumn[]): string[] {
  const relation = formatQualifiedName(table);
  const parts = columns.flatMap(({ type, nullEach, seed, hasDefault, isIndexed, comment }, place) => {
    const name = nameOf(place);
    const { value, btree } = types[type];
    const made = `(${value(`(${mark} + ${seed})`)})::${type}`;
    const some = nullEach === 0 ? made : `CASE WHEN ${mark} % ${nullEach + 1} = 0 THEN NULL ELSE ${made} END`;
    const start = hasDefault ? ` DEFAULT (${value('3')})::${type}` : '';
    return [
      `ALTER TABLE ${relation} ADD COLUMN ${name} ${type}${start}`,
      `UPDATE ${relation} SET ${name} = ${some} WHERE ${mark} IS NOT NULL`,
      ...(isIndexed && btree ? [`CREATE INDEX ON ${relation} (${name})`] : []),
      ...(comment === null ? [] : [`COMMENT ON COLUMN ${relation}.${name} IS ${quoteLiteral(comment)}`]),
    ];
  });
  return [
    `ALTER TABLE ${relation} ADD COLUMN ${mark} integer`,
    `UPDATE ${relation} AS marked SET ${mark} = numbered.n FROM (SELECT tableoid AS part, ctid AS place, row_number() OVER () AS n FROM ${relation}) AS numbered\n` +
      ' WHERE marked.tableoid = numbered.part AND marked.ctid = numbered.place',
    ...parts,
  ];
}

/** A query of what the rows have there that had it from the beginning. */
export function readOtherColumns(table: QualifiedName, columns: readonly OtherColumn[]): string {
  const texts = columns.map((_, place) => `, ${nameOf(place)}::text`).join('');
  return `SELECT ${mark}${texts} FROM ${formatQualifiedName(table)} WHERE ${mark} IS NOT NULL ORDER BY 1`;
}
