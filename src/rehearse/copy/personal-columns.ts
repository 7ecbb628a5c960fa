import type { CopyColumn, CopyTable } from './copy-facts';

type Family = 'text' | 'number' | 'date' | 'address' | 'uuid' | 'document' | 'bytes';

/** Words of names by what can hold such a thing. */
const signs: readonly { words: RegExp; families: readonly Family[] }[] = [
  {
    words:
      /^(?:e?mails?|address|addresses|street|city|town|zip|zipcode|postcode|postal|username|login|nickname|nick|surname|firstname|lastname|fullname|forename|givenname|familyname|maiden|recipient|signature|avatar|employer|religion|ethnicity|nationality|diagnosis)$/,
    families: ['text', 'document'],
  },
  {
    words:
      /^(?:password|passwd|pwd|passphrase|secret|secrets|token|tokens|apikey|credential|credentials|otp|totp|pin|salt|session|cookie)$/,
    families: ['text', 'document', 'bytes', 'uuid'],
  },
  {
    words:
      /^(?:phone|phones|telephone|tel|mobile|cell|fax|ssn|sin|nin|iban|bic|passport|taxid|vat|pan|cvv|cvc|license|licence|salary|wage)$/,
    families: ['text', 'number', 'document'],
  },
  {
    words: /^(?:birth|birthday|birthdate|dob|born|death)$/,
    families: ['text', 'date', 'number'],
  },
  { words: /^(?:ip|ipaddress|ipaddr|mac)$/, families: ['text', 'address', 'number'] },
  {
    words: /^(?:lat|latitude|lng|lon|longitude|geolocation|coordinates)$/,
    families: ['text', 'number', 'document'],
  },
  { words: /^(?:gender|sex)$/, families: ['text'] },
];

/** Two words that say it together. */
const pairs =
  /\b(?:(?:first|last|full|middle|given|family|user|display|screen|contact|customer|person|legal|birth|holder|recipient) name|api key|private key|access key|credit card|card number|card holder|account number|tax (?:id|number|no)|national id|social security|remote addr|user agent|license plate)\b/;

/** Tables of people, whose column `name` is a person's. */
const people =
  /\b(?:users?|people|persons?|customers?|clients?|employees?|contacts?|members?|patients?|students?|teachers?|authors?|owners?|subscribers?|guests?|visitors?|applicants?|candidates?|accounts?|profiles?)$/;

/** Whether a column's name and type look as if it told of a person, or let somebody in. */
export function looksPersonal(table: Pick<CopyTable, 'name'>, column: CopyColumn): boolean {
  const family = familyOf(column);
  if (column.isGenerated || family === null) return false;
  if (family === 'address') return true;
  const words = wordsOf(column.name);
  if (signs.some((sign) => sign.families.includes(family) && words.some((word) => sign.words.test(word))))
    return !isReference(words, family);
  const phrase = words.join(' ');
  if (pairs.test(phrase)) return family === 'text' || family === 'document' || family === 'number';
  return phrase === 'name' && family === 'text' && people.test(wordsOf(table.name).join(' '));
}

/** `address_id` is the number of a row; `token` may be a uuid itself. */
function isReference(words: readonly string[], family: Family): boolean {
  return words.at(-1) === 'id' && words.length > 1 && (family === 'uuid' || family === 'number');
}

/** `firstName`, `first_name`, `FIRST-NAME` */
function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+|(?<=\p{L})(?=\d+$)/u)
    .filter((word) => word !== '' && !/^\d+$/.test(word));
}

function familyOf({ base, category }: CopyColumn): Family | null {
  if (/^_?(?:json|jsonb|hstore|xml)$/.test(base)) return 'document';
  if (/^_?uuid$/.test(base)) return 'uuid';
  if (/^_?bytea$/.test(base)) return 'bytes';
  if (/^_?(?:inet|macaddr8?)$/.test(base)) return 'address';
  if (/^_?(?:text|varchar|bpchar|citext)$/.test(base)) return 'text';
  switch (category) {
    case 'S':
      return 'text';
    case 'N':
      return 'number';
    case 'D':
      return 'date';
    case 'I':
      return 'address';
    default:
      return null;
  }
}
