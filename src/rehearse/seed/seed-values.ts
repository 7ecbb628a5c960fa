import type { SeedType } from './seed-facts';

/** The text of the value that the row with this number gets. */
export type ValueForm = (row: number) => string;

/** Numbers of seeded rows begin here: seldom a key that a migration inserts by itself. */
export const firstSeededRow = 10_001;

/**
 * Ways to make values of a type, the plainest first: with it all columns of all tables go by the row's number, so
 * that keys are unique and columns that a migration makes a foreign key of have their counterparts.
 * None for a type that nobody knows how to write.
 */
export function valueForms(types: ReadonlyMap<string, SeedType>, oid: string, typmod: number): ValueForm[] {
  const type = types.get(oid);
  if (!type) return [];
  switch (type.kind) {
    case 'd':
      return valueForms(types, type.base, type.baseTypmod);
    case 'e':
      return type.labels.length > 0 ? [(row) => type.labels[row % type.labels.length]!] : [];
    case 'r':
      return valueForms(types, type.element, -1).slice(0, 1).map(rangeForm);
    case 'm':
      return valueForms(types, type.element, -1)
        .slice(0, 1)
        .map((form) => (row) => `{${rangeForm(form)(row)}}`);
    case 'c':
      return compositeForms(types, type);
    default:
      if (type.category === 'A' && type.element !== '0')
        return valueForms(types, type.element, typmod)
          .slice(0, 2)
          .map((form) => (row) => `{"${escape(form(row))}"}`);
      return baseForms(type, typmod);
  }
}

function rangeForm(form: ValueForm): ValueForm {
  return (row) => `["${escape(form(row))}","${escape(form(row + 1))}")`;
}

function compositeForms(types: ReadonlyMap<string, SeedType>, type: SeedType): ValueForm[] {
  const parts = type.attributes.map((attribute) => valueForms(types, attribute.type, attribute.typmod)[0]);
  return [(row) => `(${parts.map((form) => (form ? `"${escape(form(row))}"` : '')).join(',')})`];
}

function escape(text: string): string {
  return text.replace(/[\\"]/g, (character) => `\\${character}`);
}

const minute = 60_000;
/** 2024-01-01 */
const firstTime = Date.UTC(2024, 0, 1);

function baseForms(type: SeedType, typmod: number): ValueForm[] {
  switch (type.name) {
    case 'bool':
      return [(row) => (row % 2 === 0 ? 'true' : 'false'), () => 'true', () => 'false'];
    case 'int2':
    case 'int4':
    case 'int8':
    case 'oid':
    case 'float4':
    case 'float8':
    case 'money':
    case 'xid8':
      return numberForms(Infinity);
    case 'pg_lsn':
      return [(row) => `0/${row.toString(16)}`];
    case 'numeric':
      return numberForms(typmod < 0 ? Infinity : 10 ** (((typmod - 4) >> 16) - ((typmod - 4) & 0x7ff)));
    case 'text':
    case 'citext':
    case 'name':
      return textForms(Infinity);
    case 'varchar':
    case 'bpchar':
      return textForms(typmod < 0 ? Infinity : typmod - 4);
    case 'char':
      return textForms(1);
    case 'bytea':
      return [(row) => `\\x${row.toString(16).padStart(8, '0')}`];
    case 'date':
      return [(row) => isoTime(firstTime + (row - firstSeededRow) * 1440 * minute).slice(0, 10)];
    case 'timestamp':
      return [(row) => isoTime(firstTime + (row - firstSeededRow) * minute)];
    case 'timestamptz':
      return [(row) => `${isoTime(firstTime + (row - firstSeededRow) * minute)}+00`];
    case 'time':
    case 'timetz':
      return [(row) => isoTime(firstTime + row * 1000).slice(11)];
    case 'interval':
      return [(row) => `${row} minutes`];
    case 'uuid':
      return [(row) => `00000000-0000-4000-8000-${row.toString(16).padStart(12, '0')}`];
    case 'json':
    case 'jsonb':
      return [
        (row) => `{"n": ${row}}`,
        (row) => `[${row}]`,
        (row) => `"${row}"`,
        (row) => `${row}`,
        () => '{}',
        () => '[]',
      ];
    case 'regclass':
      // A cast from text takes names only.
      return [() => 'pg_catalog.pg_class'];
    case 'xml':
      return [(row) => `<n>${row}</n>`];
    case 'inet':
    case 'cidr':
      return [(row) => `10.${(row >> 16) & 255}.${(row >> 8) & 255}.${row & 255}`];
    case 'macaddr':
      return [(row) => `08:00:2b:${hexPair(row >> 16)}:${hexPair(row >> 8)}:${hexPair(row)}`];
    case 'macaddr8':
      return [(row) => `08:00:2b:00:00:${hexPair(row >> 16)}:${hexPair(row >> 8)}:${hexPair(row)}`];
    case 'point':
      return [(row) => `(${row},${row})`];
    case 'line':
      return [(row) => `{1,-1,${row}}`];
    case 'lseg':
    case 'path':
      return [(row) => `[(${row},0),(${row + 1},1)]`];
    case 'box':
      return [(row) => `(${row + 1},1),(${row},0)`];
    case 'polygon':
      return [(row) => `((${row},0),(${row + 1},0),(${row},1))`];
    case 'circle':
      return [(row) => `<(${row},0),1>`];
    case 'bit':
      return [(row) => bits(row, Math.max(1, typmod))];
    case 'varbit':
      return [(row) => bits(row, typmod < 0 ? 32 : typmod)];
    case 'tsvector':
    case 'tsquery':
      return [(row) => `w${row}`];
    case 'hstore':
      return [(row) => `"n"=>"${row}"`];
    case 'ltree':
      return [(row) => `n.n${row}`];
    default:
      if (type.category === 'S') return textForms(Infinity);
      return type.category === 'N' ? numberForms(Infinity) : [];
  }
}

function numberForms(limit: number): ValueForm[] {
  const fit: ValueForm = (row) => `${row < limit ? row : (row - firstSeededRow) % Math.max(1, limit)}`;
  const counted: ValueForm = (row) => `${(row - firstSeededRow) % Math.min(limit, 100_000)}`;
  return [
    fit,
    counted,
    (row) => `${(row - firstSeededRow) % Math.min(limit, 100)}`,
    (row) => `${((row - firstSeededRow) % 1000) / 1000}`,
    (row) => `${-((row - firstSeededRow) % Math.min(limit, 100_000))}`,
  ];
}

function textForms(length: number): ValueForm[] {
  const number = (row: number): string => `${row}`;
  const fit =
    (form: ValueForm): ValueForm =>
    (row) =>
      form(row).slice(0, length === Infinity ? undefined : length);
  const plain: ValueForm =
    length >= 5
      ? number
      : (row) => (row - firstSeededRow).toString(36).padStart(Math.min(length, 3), '0').slice(-length);
  const letters = (row: number, count: number): string =>
    Array.from({ length: count }, (_, place) =>
      String.fromCharCode(65 + (Math.floor((row - firstSeededRow) / 26 ** (count - 1 - place)) % 26)),
    ).join('');
  return [
    plain,
    fit((row) => `value${row}`),
    fit((row) => `name${row}@example.com`),
    fit((row) => `https://example.com/${row}`),
    fit((row) => letters(row, 2)),
    fit((row) => letters(row, 3)),
    fit((row) => letters(row, 3).toLowerCase()),
    fit((row) => `${letters(row, 2)}${row}`),
    fit((row) => `${letters(row, 3)}-${row}`),
    fit((row) => `value-${row}`),
    fit((row) => `+4930${row}`),
    fit((row) => `#${row.toString(16).padStart(6, '0')}`),
    fit((row) => row.toString(16).padStart(32, '0')),
    fit((row) => row.toString(16).padStart(64, '0')),
    fit((row) => `00000000-0000-4000-8000-${row.toString(16).padStart(12, '0')}`),
    fit((row) => `value ${row} `.repeat(20).trim()),
  ];
}

function isoTime(milliseconds: number): string {
  return new Date(milliseconds)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, '');
}

function hexPair(value: number): string {
  return (value & 255).toString(16).padStart(2, '0');
}

function bits(row: number, length: number): string {
  return (row % 2 ** Math.min(length, 31)).toString(2).padStart(length, '0').slice(-length);
}
