import { SwitchbackError } from '../../messages/error';
import { t } from '../../messages/translate';
import { quoteLiteral } from '../../sql/identifier';
import type { CopyColumn } from './copy-facts';
import type { MaskingRule } from './masking-rule';

/** Of the session that reads: 32 bytes, hexadecimal. A parameter sets it, so that no statement's text has it. */
export const maskingKeySetting = 'switchback.masking_key';

const key = `(select decode(current_setting('${maskingKeySetting}'), 'hex'))`;

/** SQL for a column's value under a rule; `value` is SQL for what it is. `length`: most characters that all who share it have. */
export function maskedValue(
  rule: MaskingRule,
  { base, type }: CopyColumn,
  value: string,
  length: number | null,
): string {
  if (typeof rule === 'object') {
    if ('expression' in rule) return `(${rule.expression}\n)`;
    return `${quoteLiteral(String(rule.constant))}::${type}`;
  }
  switch (rule) {
    case 'keep':
      return value;
    case 'null':
      return `null::${type}`;
    case 'hash':
      return hashed(base, value, length);
    case 'email':
      return textAround('u', digits(length, 24, emailEnd.length + 1), emailEnd, textOf(base, value));
    case 'name':
      return textAround('Name ', digits(length, 16, 5), '', textOf(base, value));
    case 'digits':
      return otherDigits(`${value}::text`);
    case 'date-shift':
      return shifted(base, value);
    default:
      return unknownRule(rule);
  }
}

function unknownRule(rule: never): never {
  throw new SwitchbackError(
    'invalid-input',
    t('{0} is no masking rule. Choose another.', JSON.stringify(rule)),
  );
}

const emailEnd = '@example.invalid';

/** What a value needs at least so that different ones stay different: 64 bits. */
const uniqueDigits = 16;

/** Fewest characters that a rule's texts have; more where no two may be the same. */
export function fewestCharacters(rule: MaskingRule, isUnique: boolean): number {
  const least = isUnique ? uniqueDigits : 8;
  switch (rule) {
    case 'hash':
      return isUnique ? uniqueDigits : 1;
    case 'email':
      return 1 + least + emailEnd.length;
    case 'name':
      return 'Name '.length + least;
    default:
      return 0;
  }
}

function digits(length: number | null, wanted: number, around: number): number {
  return Math.min(wanted, 64, (length ?? Number.MAX_SAFE_INTEGER) - around);
}

/** Equal texts must become equal ones, as the type has it: citext does not tell upper from lower case. */
function textOf(base: string, value: string): string {
  return base === 'citext' ? `lower(${value}::text)` : `${value}::text`;
}

/** HMAC in short: https://www.rfc-editor.org/rfc/rfc2104 guards against longer messages, and so does hashing twice. */
function digest(bytes: string): string {
  return `sha256(${key} || sha256(${key} || ${bytes}))`;
}

function hexOf(text: string): string {
  return `encode(${digest(`convert_to(${text}, 'UTF8')`)}, 'hex')`;
}

function textAround(before: string, count: number, after: string, text: string): string {
  return `(${quoteLiteral(before)} || left(${hexOf(text)}, ${count}) || ${quoteLiteral(after)})`;
}

function hashed(base: string, value: string, length: number | null): string {
  switch (base) {
    case 'uuid':
      return `encode(substr(${digest(`uuid_send(${value}::uuid)`)}, 1, 16), 'hex')::uuid`;
    case 'bytea':
      return digest(`${value}::bytea`);
    case 'int2':
      return permuted(value, 7, 8, 'int2');
    case 'int4':
      return permuted(value, 15, 16, 'int4');
    case 'int8':
      return permuted(value, 31, 32, 'int8');
    default:
      return textAround('', digits(length, 32, 0), '', textOf(base, value));
  }
}

/**
 * A number of the same sign, each one another's: four rounds of an unbalanced Feistel network over the bits without the sign
 * (https://doi.org/10.1137/0217022), so that a column of unique numbers stays one.
 */
function permuted(value: string, high: number, low: number, type: string): string {
  const round = (half: string, bits: number, number: number): string =>
    `(('x' || encode(substr(sha256(${key} || int4send(${high + low}) || int4send(${number}) || int8send(${half})), 1, 8), 'hex'))::bit(64)::int8 & ${2 ** bits - 1})`;
  return `(select (case when v < 0 then ~((h2 << ${low}) | l2) else (h2 << ${low}) | l2 end)::${type}
    from (select ${value}::int8 as v offset 0) i,
      lateral (select case when v < 0 then ~v else v end as m offset 0) p,
      lateral (select m >> ${low} as h0, m & ${2 ** low - 1} as l0 offset 0) s,
      lateral (select h0 # ${round('l0', high, 1)} as h1 offset 0) a,
      lateral (select l0 # ${round('h1', low, 2)} as l1 offset 0) b,
      lateral (select h1 # ${round('l1', high, 3)} as h2 offset 0) c,
      lateral (select l1 # ${round('h2', low, 4)} as l2 offset 0) d)`;
}

/** The digits come from the digest of the whole, so that what is equal stays equal. */
function otherDigits(text: string): string {
  return `(select coalesce(string_agg(case when letter ~ '[0-9]' then substr(other, ((place - 1) % 64)::int + 1, 1)
        when letter ~ '[[:upper:]]' then 'X' when letter ~ '[[:alnum:]]' then 'x' else letter end, '' order by place), text)
    from (select ${text} as text, translate(${hexOf(text)}, 'abcdef', '274183') as other offset 0) w
      left join lateral regexp_split_to_table(text, '') with ordinality s(letter, place) on text is not null
   group by text)`;
}

function shifted(base: string, value: string): string {
  const first = digest(`convert_to('days', 'UTF8')`);
  const days = `(select 30 + (get_byte(${first}, 0) * 256 + get_byte(${first}, 1)) % 335)`;
  return base === 'date' ? `(${value} - ${days})` : `(${value} - make_interval(days => ${days}))`;
}
